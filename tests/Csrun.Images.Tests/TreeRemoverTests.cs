using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Tests;

/// <summary>Removing trees that nobody vouches for.</summary>
public sealed class TreeRemoverTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    private TreeRemoval Remove(string name)
    {
        using SafeFd root = Sandbox.Open(_box.Root);
        return TreeRemover.Remove(root, name);
    }

    [Fact]
    public void Takes_everything_and_follows_nothing()
    {
        _box.Unpack(new TarBuilder().Directory("t/a/b").File("t/a/b/f", "x").Symlink("t/out", _box.Outside).Symlink("t/a/sentinel", _box.Sentinel).Add('6', "t/p").File("kept", "x").End());
        TreeRemoval removal = Remove("t");
        Assert.True(removal.Complete);
        Assert.Equal(7, removal.Removed);
        Assert.Equal(["kept"], Directory.GetFileSystemEntries(_box.Root).Select(Path.GetFileName));
        _box.AssertOutsideUntouched();
    }

    [Fact]
    public void A_link_is_removed_not_its_target()
    {
        File.CreateSymbolicLink(_box.In("l"), _box.Outside);
        Assert.Equal(1, Remove("l").Removed);
        _box.AssertOutsideUntouched();
    }

    [Fact]
    public void What_is_not_there_is_removed_already() => Assert.Equal(new TreeRemoval(0, null, Errno.None), Remove("nothing"));

    [Fact]
    public void Directories_that_forbid_everything_are_no_obstacle_to_their_owner()
    {
        _box.Unpack(new TarBuilder().Directory("t", 0).Directory("t/a", 0b101_000_000).File("t/a/f", "x").Directory("t/b", 0).Directory("t/b/c", 0).File("t/b/c/f", "x").End());
        Assert.True(Remove("t").Complete);
        Assert.Empty(Directory.GetFileSystemEntries(_box.Root));
    }

    [Fact]
    public void Trees_deeper_than_any_path_go_too()
    {
        // 3,000 levels: beyond PATH_MAX, beyond the open files a process has, made from inside.
        SafeFd at = Sandbox.Open(_box.Root);
        for (int i = 0; i < 3000; i++)
        {
            using SafeFd above = at;
            string name = i == 0 ? "deep" : "dddddddd";
            Sys.Mkdirat(above, name, 0b111_101_101).OrThrow("mkdirat");
            at = Sys.Openat2(above, name, OpenFlags.O_DIRECTORY).FdOrThrow("openat2");
            Sys.Openat2(at, "f", OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0b110_000_000).FdOrThrow("openat2").Dispose();
        }

        at.Dispose();
        TreeRemoval removal = Remove("deep");
        Assert.True(removal.Complete, $"{removal.FirstFailure}: {removal.Errno}");
        Assert.Empty(Directory.GetFileSystemEntries(_box.Root));
    }

    [Fact]
    public void Many_files_in_one_directory_go_too()
    {
        Directory.CreateDirectory(_box.In("many"));
        for (int i = 0; i < 5000; i++)
        {
            File.WriteAllText(_box.In($"many/{i}"), "");
        }

        Assert.Equal(5001, Remove("many").Removed);
    }

    [RootFact]
    public void A_mount_point_is_not_crossed()
    {
        Directory.CreateDirectory(_box.In("t/m"));
        File.WriteAllText(_box.In("t/f"), "x");
        Tool.Must("mount", "--bind", _box.Outside, _box.In("t/m"));
        try
        {
            TreeRemoval removal = Remove("t");
            Assert.Equal(("t/m", Errno.EXDEV), (removal.FirstFailure, removal.Errno));
            Assert.False(File.Exists(_box.In("t/f")), "the rest goes");
        }
        finally
        {
            Tool.Must("umount", _box.In("t/m"));
        }

        _box.AssertOutsideUntouched();
        Assert.True(Remove("t").Complete);
    }

    [RootFact]
    public void What_belongs_to_others_is_reported_and_goes_with_more_privilege()
    {
        _box.Unpack(new TarBuilder().Directory("t").Add('5', "t/theirs", uid: 100035, gid: 100035, mode: 0b111_101_101).Add('0', "t/theirs/f", uid: 100035).File("t/mine").End());
        Tool.Must("chmod", "755", _box.Base);
        Tool.Must("sh", "-c", $"chown 65534 '{_box.Root}' '{_box.In("t")}' '{_box.In("t/mine")}'");
        (int code, string output, _) = Tool.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", .. Tool.Self, "remove", _box.Root, "t"]);
        Assert.Equal((1, "1 t/theirs/f EACCES"), (code, output.Trim()));
        Assert.True(Remove("t").Complete);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    public void Only_a_single_name_is_taken(string name) => Assert.Throws<ArgumentException>(() => Remove(name));
}
