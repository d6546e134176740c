using Csrun.Linux.Mounts;

namespace Csrun.Linux.Tests.Mounts;

public sealed class MountInfoTests
{
    private const string Text = """
        481 31 253:0 /var/lib/lxc/c1/rootfs /mnt rw,relatime,idmapped shared:1 - ext4 /dev/mapper/ubuntu--vg-ubuntu--lv rw
        31 1 253:0 / / rw,relatime shared:1 master:2 - ext4 /dev/root rw
        40 31 0:22 / /a\040b\134c rw - tmpfs none rw,size=4k
        41 40 0:23 / /a\040b\134c/deep rw - fuse.sshfs host:/ rw
        no line
        x 1 0:1 / / rw - ext4 none rw
        """;

    [Fact]
    public void Lines_are_read_with_their_escapes_undone()
    {
        MountInfo info = MountInfo.Parse(Text);
        Assert.Equal([481, 31, 40, 41], info.Entries.Select(e => e.Id));
        MountEntry mapped = info.Entries[0];
        Assert.True(mapped.IsIdMapped);
        Assert.Equal(("/var/lib/lxc/c1/rootfs", "/mnt", "ext4", "shared:1"), (mapped.Root, mapped.MountPoint, mapped.Type, mapped.Propagation));
        Assert.False(info.Entries[1].IsIdMapped);
        Assert.Equal("/a b\\c", info.Find(40)!.MountPoint);
        Assert.Equal("fuse.sshfs", info.Find(41)!.Type);
        Assert.Null(info.Find(99));
    }

    [Fact]
    public void Below_a_mount_are_those_attached_under_the_path_at_any_depth()
    {
        MountInfo info = MountInfo.Parse(Text);
        Assert.Equal([481, 40, 41], info.Below(info.Find(31)!, "/").Select(e => e.Id));
        Assert.Equal([40, 41], info.Below(info.Find(31)!, "/a b\\c").Select(e => e.Id));
        Assert.Empty(info.Below(info.Find(31)!, "/a"));
    }

    [Theory]
    [InlineData("ext4", 5, 11, "since Linux 5.12, and this is 5.11")]
    [InlineData("ext4", 6, 1, "switched off")]
    [InlineData("overlay", 6, 18, "lower directories can")]
    [InlineData("proc", 6, 18, "does not mark it FS_ALLOW_IDMAP")]
    [InlineData("fuse.sshfs", 6, 18, "does not offer it")]
    [InlineData("fuse.sshfs", 6, 8, "since Linux 6.12, and this is 6.8")]
    public void Why_a_file_system_cannot_be_mapped_depends_on_type_and_kernel(string type, int major, int minor, string expected) =>
        Assert.Contains(expected, IdMappable.WhyNot(type, new KernelVersion(major, minor)), StringComparison.Ordinal);
}
