using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>The words of the runtime-spec's table of mount options.</summary>
public sealed class MountOptionsTests
{
    private const MountAttr Ro = MountAttr.MOUNT_ATTR_RDONLY, Noatime = MountAttr.MOUNT_ATTR_NOATIME, Strictatime = MountAttr.MOUNT_ATTR_STRICTATIME, Atime = MountAttr.MOUNT_ATTR__ATIME;

    [Fact]
    public void Every_word_of_the_table_means_something_and_is_not_handed_to_the_file_system()
    {
        string[] ofTheFilesystem = ["dirsync", "lazytime", "mand", "sync"]; // fsconfig(2) takes these for every file system
        Assert.Equal(ofTheFilesystem, SpecWords.MountOptions.Where(word => !MountOptions.Parse([word], "tmpfs").Data.IsEmpty).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ro", Ro, default(MountAttr))]
    [InlineData("rw", default(MountAttr), Ro)]
    [InlineData("ro,rw", default(MountAttr), Ro)]
    [InlineData("rw,ro", Ro, default(MountAttr))]
    [InlineData("nosuid,nodev,noexec,suid", MountAttr.MOUNT_ATTR_NODEV | MountAttr.MOUNT_ATTR_NOEXEC, MountAttr.MOUNT_ATTR_NOSUID)]
    [InlineData("nosymfollow", MountAttr.MOUNT_ATTR_NOSYMFOLLOW, default(MountAttr))]
    [InlineData("symfollow", default(MountAttr), MountAttr.MOUNT_ATTR_NOSYMFOLLOW)]
    [InlineData("nodiratime", MountAttr.MOUNT_ATTR_NODIRATIME, default(MountAttr))]
    [InlineData("noatime", Noatime, Atime)]
    [InlineData("noatime,strictatime", Strictatime, Atime)]
    [InlineData("strictatime,nostrictatime", default(MountAttr), Atime)]
    [InlineData("noatime,relatime", default(MountAttr), Atime)]
    [InlineData("noatime,atime", default(MountAttr), Atime)]
    [InlineData("norelatime", default(MountAttr), default(MountAttr))]
    public void Attributes_are_set_and_cleared_on_the_mount_and_with_an_r_below_it(string words, MountAttr set, MountAttr clear)
    {
        string[] own = words.Split(',');
        MountOptions options = MountOptions.Parse(own, "bind");
        Assert.Equal((set, clear, default, default), (options.Set, options.Clear, options.SetRecursive, options.ClearRecursive));
        MountOptions below = MountOptions.Parse([.. own.Select(word => "r" + word)], "bind");
        Assert.Equal((default, default, set, clear), (below.Set, below.Clear, below.SetRecursive, below.ClearRecursive));
    }

    [Fact]
    public void What_only_begins_with_an_r_is_no_attribute_of_the_mounts_below()
    {
        MountOptions options = MountOptions.Parse(["remount", "rbind", "rslave", "ridmap", "rootcontext=x"], null);
        Assert.True(options is { Remount: true, Bind: true, Recursive: true, PropagationRecursive: true, IdMapRecursive: true, Propagation: MountFlags.MS_SLAVE });
        Assert.Equal((default, default), (options.SetRecursive, options.ClearRecursive));
        Assert.Equal("rootcontext", Assert.Single(options.Data).Key);
    }
}
