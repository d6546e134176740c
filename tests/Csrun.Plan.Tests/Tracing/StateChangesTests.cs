using System.Collections.Immutable;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Tests.Tracing;

/// <summary>What a trace says that a step changed.</summary>
public sealed class StateChangesTests
{
    [Theory]
    [InlineData("36 35 98:0 / / rw,noatime - ext3 /dev/root rw,errors=continue", "/ ext3 rw,noatime")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw", "/mnt2 ext3 (/mnt1) rw,noatime master")]
    [InlineData("481 31 253:0 /rootfs /mnt rw,relatime,idmapped shared:1 - ext4 /dev/vda rw", "/mnt ext4 (/rootfs) rw,relatime,idmapped shared")]
    [InlineData("no line of mountinfo", "no line of mountinfo")]
    public void A_mount_is_its_place_its_kind_and_its_options(string line, string expected) =>
        Assert.Equal(expected, ProcessState.MountLine(line));

    [Fact]
    public void Values_that_changed_are_named_with_both()
    {
        ProcessState before = State([("uid_map", ""), ("Uid", "1 1 1 1")]);
        ProcessState after = State([("uid_map", "0 1001 1"), ("Uid", "1 1 1 1")]);

        Assert.Equal(["uid_map: (empty) -> 0 1001 1"], StateChanges.Between(before, after));
    }

    [Fact]
    public void Few_mounts_are_listed_and_many_counted()
    {
        ProcessState none = State([("a", "b")]);
        ProcessState two = State([("a", "b")], "/proc proc rw", "/proc proc rw");
        ProcessState many = State([("a", "b")], "/1 x rw", "/2 x rw", "/3 x rw", "/4 x rw", "/5 x rw");

        Assert.Equal(["mountinfo: + /proc proc rw", "mountinfo: + /proc proc rw"], StateChanges.Between(none, two));
        Assert.Equal(["mountinfo: - /proc proc rw", "mountinfo: - /proc proc rw"], StateChanges.Between(two, none));
        Assert.Equal(["mountinfo: - /proc proc rw"], StateChanges.Between(two, State([("a", "b")], "/proc proc rw")));
        Assert.Equal(["mountinfo: 5 lines new, such as /1 x rw"], StateChanges.Between(none, many));
    }

    [Fact]
    public void Nothing_is_claimed_of_a_process_that_could_not_be_looked_at()
    {
        ProcessState known = State([("a", "b")], "/ x rw");

        Assert.Empty(StateChanges.Between(ProcessState.Unknown, known));
        Assert.Empty(StateChanges.Between(known, ProcessState.Unknown));
    }

    private static ProcessState State((string Name, string Value)[] values, params string[] mounts) => new()
    {
        Values = values.ToImmutableSortedDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal),
        Mounts = [.. mounts],
    };

    [Fact]
    public void What_a_look_could_not_see_is_as_it_was()
    {
        ProcessState before = new() { Values = ImmutableSortedDictionary<string, string>.Empty.Add("Seccomp", "0").Add("ns/net", "net:[1]"), Mounts = ["/ ext4 rw"] };
        ProcessState seen = new ProcessState { Values = ImmutableSortedDictionary<string, string>.Empty.Add("Seccomp", "2"), IsPartial = true }.After(before);
        Assert.Equal(["Seccomp: 0 -> 2"], StateChanges.Between(before, seen));
        Assert.Equal("net:[1]", seen.Values["ns/net"]);
    }
}
