using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Specs;

public sealed class SpecBuilderMountTests
{
    private static IReadOnlyList<Mount> Mounts(RunRequest request, Spec? config = null) => SpecBuilder.Build(new SpecInputs
    {
        Request = request with { Command = ["x"] },
        ContainerId = "0123456789abcdef",
        RootPath = "/r",
        User = new ResolvedUser(0, 0, [0], "/", null),
        Maps = null,
        Caller = new CallerFacts { WorkingDirectory = "/home/u", AvailableCapabilities = CapabilitySet.All },
        Config = config,
    }).Mounts;

    private static RunRequest Volumes(params string[] volumes) => new() { Volumes = [.. volumes.Select(v => VolumeSpec.Parse(v))] };

    [Fact]
    public void Volumes_come_after_the_usual_mounts_those_nearer_to_the_root_first()
    {
        IReadOnlyList<Mount> mounts = Mounts(Volumes("/a:/x/y/z", "/b:/x", "./c:/x/y", "/d:/w") with
        {
            Mounts = [MountSpec.Parse("type=bind,src=/e,dst=/v")],
            Tmpfs = [TmpfsSpec.Parse("/x/y/t")],
        });

        Assert.Equal(["/x", "/w", "/v", "/x/y", "/x/y/z", "/x/y/t"], mounts.Skip(7).Select(m => m.Destination));
        Assert.Equal("/home/u/./c".Replace("/./", "/", StringComparison.Ordinal), mounts.Single(m => m.Destination == "/x/y").Source);
        Assert.Equal(("bind", "/b"), (mounts.Single(m => m.Destination == "/x").Type, mounts.Single(m => m.Destination == "/x").Source));
        Assert.Equal("tmpfs", mounts[^1].Type);
    }

    [Theory]
    [InlineData("/a:/dev/shm", "/proc /dev /dev/pts /sys /sys/fs/cgroup /dev/mqueue /dev/shm")]
    [InlineData("/dev:/dev", "/proc /sys /sys/fs/cgroup /dev")]
    [InlineData("/sys:/sys", "/proc /dev /dev/pts /dev/mqueue /dev/shm /sys")]
    [InlineData("/a:/de", "/proc /dev /dev/pts /sys /sys/fs/cgroup /dev/mqueue /dev/shm /de")]
    public void A_volume_takes_the_place_of_the_usual_mounts_that_it_would_hide(string volume, string destinations) =>
        Assert.Equal(destinations, string.Join(' ', Mounts(Volumes(volume)).Select(m => m.Destination)));

    [Fact]
    public void Two_mounts_at_one_place_are_refused()
    {
        CsrunException error = Assert.Throws<CsrunException>(() => Mounts(Volumes("/a:/x", "/b:/x/")));
        Assert.Equal("two mounts at \"/x\"", error.Message);
        Assert.Throws<CsrunException>(() => Mounts(Volumes("/a:/x") with { Tmpfs = [TmpfsSpec.Parse("/x")] }));
    }

    [Fact]
    public void An_id_mapped_volume_keeps_its_ranges()
    {
        Mount mount = Mounts(Volumes("/a:/x:idmap=uids=0-1000-1;gids=5-2000-3"))[^1];
        Assert.Contains("idmap", mount.Options);
        Assert.Equal([new(0, 1000, 1)], mount.UidMappings);
        Assert.Equal([new(5, 2000, 3)], mount.GidMappings);

        Mount container = Mounts(Volumes("/a:/x:idmap"))[^1];
        Assert.Contains("idmap", container.Options);
        Assert.Empty(container.UidMappings);
        Assert.DoesNotContain("idmap", Mounts(Volumes("/a:/x"))[^1].Options);
    }

    [Theory]
    [InlineData("c.json", "/home/u/docs")]
    [InlineData("b/c.json", "/home/u/b/docs")]
    [InlineData("/etc/c.json", "/etc/docs")]
    [InlineData("/c.json", "/docs")]
    public void Relative_sources_of_a_config_count_from_its_directory(string file, string source)
    {
        Spec config = new() { Mounts = [new() { Destination = "/x", Type = "bind", Source = "docs" }, new() { Destination = "/y", Type = "tmpfs", Source = "tmpfs" }, new() { Destination = "/z", Source = "docs", Options = ["rbind"] }] };

        Assert.Equal([source, "tmpfs", source], Mounts(new RunRequest { ConfigFile = file }, config).Select(m => m.Source));
    }

    [Fact]
    public void Volumes_of_the_command_line_replace_those_of_the_config_at_the_same_place()
    {
        Spec config = new() { Mounts = [new() { Destination = "/x", Type = "bind", Source = "/c" }, new() { Destination = "/y", Type = "tmpfs", Source = "tmpfs" }] };

        Assert.Equal(["/y tmpfs", "/x /a"], Mounts(Volumes("/a:/x"), config).Select(m => $"{m.Destination} {m.Source}"));
    }
}
