using System.Text;
using Csrun.Images.Tar;
using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;

namespace Csrun.Images.Tests;

/// <summary>Archives made to get out of the root, or to take it over (security cases 16 to 19, 25). Each has its honest twin here or in <see cref="UnpackerTests"/>.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose()
    {
        using (_box)
        {
            _box.AssertOutsideUntouched();
        }
    }

    private TarFormatException Refused(TarBuilder tar, UnpackOptions? options = null) => Refused(tar.End(), options);

    private TarFormatException Refused(byte[] archive, UnpackOptions? options = null) =>
        Assert.Throws<TarFormatException>(() => _box.Unpack(archive, options));

    [Theory]
    [InlineData("../outside/new")]
    [InlineData("a/../../outside/new")]
    [InlineData("..")]
    [InlineData("/../outside/new")]
    [InlineData("a/..")]
    [InlineData("./../outside/sentinel")]
    public void Names_that_climb_are_refused_and_named(string name)
    {
        foreach (TarBuilder tar in (ReadOnlySpan<TarBuilder>)[new TarBuilder().File(name, "x"), new TarBuilder().Directory(name), new TarBuilder().Symlink(name, "x"), new TarBuilder().Pax("path", name).File("x")])
        {
            TarFormatException refusal = Refused(tar);
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("\"..\"", refusal.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dots_that_are_no_parent_are_names_like_others()
    {
        _box.Unpack(new TarBuilder().File("...", "a").File("..a", "b").File("a..", "c").File("d/...e/f", "d").End());
        Assert.Equal("abcd", _box.Text("...") + _box.Text("..a") + _box.Text("a..") + _box.Text("d/...e/f"));
    }

    [Fact]
    public void Absolute_names_land_inside_the_root()
    {
        string target = _box.Outside + "/new";
        _box.Unpack(new TarBuilder().File(target, "x").File("//etc//x", "y").End());
        Assert.Equal(("x", "y"), (_box.Text(target[1..]), _box.Text("etc/x")));
    }

    [Theory]
    [InlineData("OUTSIDE")]
    [InlineData("../outside")]
    [InlineData("../../../../../../../../../../OUTSIDE")]
    public void Writing_through_a_symbolic_link_stays_inside(string target)
    {
        target = target.Replace("OUTSIDE", _box.Outside, StringComparison.Ordinal);
        // The link's target exists outside only: inside the root there is no such directory.
        TarFormatException refusal = Refused(new TarBuilder().Symlink("link", target).File("link/sentinel", "overwritten").File("link/new", "x"));
        Assert.Contains("does not exist inside", refusal.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_link_is_followed_when_the_target_exists_inside()
    {
        _box.Unpack(new TarBuilder().Directory(_box.Outside).Symlink("link", _box.Outside).File("link/sentinel", "inside").End());
        Assert.Equal("inside", _box.Text(_box.Outside[1..] + "/sentinel"));
    }

    [Fact]
    public void A_link_to_a_file_outside_is_replaced_not_written_through()
    {
        _box.Unpack(new TarBuilder().Symlink("f", _box.Sentinel).File("f", "own").Symlink("d", _box.Outside).Directory("d", 0b111_000_000).Symlink("p", _box.Sentinel).Add('6', "p").End());
        Assert.Equal("own", _box.Text("f"));
        Assert.Equal("d700", _box.Stat("d", "%y%m"));
    }

    [Fact]
    public void Metadata_never_goes_through_a_link()
    {
        // Mode, owner and time of a link entry belong to the link; directory times are set last, by then it is a link.
        _box.Unpack(new TarBuilder().Directory("d", 0b111_111_111).Symlink("s", _box.Sentinel).Directory("e", 0).HardLink("s2", "s").End());
        _box.Unpack(new TarBuilder().Directory("gone", 0).Symlink("gone", _box.Outside).End());
        Assert.Equal(_box.Outside, new FileInfo(_box.In("gone")).LinkTarget);
    }

    [Fact]
    public void Hard_links_cannot_reach_outside()
    {
        Assert.Contains("not in the archive", Refused(new TarBuilder().HardLink("h", _box.Sentinel)).Why, StringComparison.Ordinal);
        Assert.Contains("\"..\"", Refused(new TarBuilder().HardLink("h", "../outside/sentinel")).Why, StringComparison.Ordinal);
        Refused(new TarBuilder().Symlink("l", _box.Outside).HardLink("h", "l/sentinel"));
        Refused(new TarBuilder().Symlink("l2", "../../../../../" + _box.Outside).HardLink("h", "l2/sentinel"));
    }

    [Fact]
    public void Hard_link_then_write_changes_no_file_outside()
    {
        // A link to the link, then a file over it: the link goes, its target stays.
        _box.Unpack(new TarBuilder().Symlink("l", _box.Sentinel).HardLink("h", "l").File("h", "overwritten").File("l", "overwritten").End());
        Assert.Equal("overwritten", _box.Text("h"));
    }

    [Fact]
    public void Hard_links_are_not_resolved_from_the_working_directory()
    {
        // oras CVE-2026-50163: the relative target exists where the process stands. Another process, so that no test shares its directory.
        string archive = Path.Combine(_box.Root, "..", "outside-archive.tar");
        archive = Path.GetFullPath(archive);
        File.WriteAllBytes(archive, new TarBuilder().HardLink("h", "sentinel").End());
        try
        {
            (int code, _, string error) = Tool.Run("sh", "-c", $"cd '{_box.Outside}' && exec \"$@\"", "sh", Tool.Self[0], Tool.Self[1], Tool.Self[2], "unpack", archive, _box.Root);
            Assert.Equal(125, code);
            Assert.Contains("not in the archive before it", error, StringComparison.Ordinal);
            File.WriteAllBytes(archive, new TarBuilder().File("sentinel", "own").HardLink("h", "sentinel").End());
            Assert.Equal(0, Tool.Run("sh", "-c", $"cd '{_box.Outside}' && exec \"$@\"", "sh", Tool.Self[0], Tool.Self[1], Tool.Self[2], "unpack", archive, _box.Root).Code);
            Assert.Equal("own", _box.Text("h"));
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Theory]
    [InlineData("2", ".")]
    [InlineData("2", "./")]
    [InlineData("2", "/")]
    [InlineData("0", ".")]
    [InlineData("1", "./.")]
    [InlineData("6", "//")]
    public void The_root_cannot_become_something_else(string type, string name)
    {
        TarFormatException refusal = Refused(new TarBuilder().Directory("./").Add(type[0], name, link: _box.Outside));
        Assert.Contains("root directory", refusal.Why, StringComparison.Ordinal);
        Assert.Equal("d", _box.Stat(".", "%y"));
    }

    [Fact]
    public void A_symbolic_link_named_rootfs_is_just_a_name()
    {
        // Incus CVE-2026-48749.
        _box.Unpack(new TarBuilder().Directory("rootfs").Symlink("rootfs", _box.Outside).Directory("rootfs").File("rootfs/x", "inside").End());
        Assert.Equal("inside", _box.Text("rootfs/x"));
    }

    [Fact]
    public void A_directory_swapped_for_a_link_after_its_descriptor_was_cached_is_not_written_through()
    {
        Refused(new TarBuilder().Directory("d").File("d/a", "x").File("d/b", "x").Symlink("d", _box.Outside).File("d/new", "x"));
        // The honest twin: swapped for a link inside.
        _box.Unpack(new TarBuilder().Directory("t").Directory("c").File("c/a", "x").Symlink("c", "t").File("c/new", "moved").End());
        Assert.Equal("moved", _box.Text("t/new"));
    }

    [Fact]
    public void A_file_as_a_parent_is_refused()
    {
        Assert.Contains("no directory", Refused(new TarBuilder().File("f", "x").File("f/g", "y")).Why, StringComparison.Ordinal);
        Assert.Contains("loop", Refused(new TarBuilder().Symlink("l", "l").File("l/g", "y")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Magic_links_of_proc_are_not_followed()
    {
        Refused(new TarBuilder().Symlink("p", "/proc/self/cwd").File("p/x", "x"));
        Refused(new TarBuilder().Symlink("q", "/proc/1/root").File("q/tmp/x", "x"));
    }

    [Fact]
    public void Attributes_that_speak_to_the_overlay_or_the_host_are_dropped_and_noted()
    {
        UnpackResult result = _box.Unpack(new TarBuilder()
            .Pax('x', ("SCHILY.xattr.user.overlay.opaque", "y"u8.ToArray()), ("SCHILY.xattr.trusted.overlay.redirect", "/x"u8.ToArray()), ("SCHILY.xattr.security.selinux", "x"u8.ToArray()))
            .Directory("d").End());
        Assert.Equal(3, result.DroppedXattrs);
        Assert.Contains("overlay", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_owner_of_minus_one_is_refused()
    {
        // chown(2) takes it for "leave as it is".
        Refused(new TarBuilder().Add('0', "f", uid: uint.MaxValue, change: header => Base256(header, 108, 8, uint.MaxValue)));
        Refused(new TarBuilder().Pax("uid", "4294967295").File("f"));
        Refused(new TarBuilder().Pax("gid", "4294967296").File("f"));
        Refused(new TarBuilder().Pax("uid", "-1").File("f"));
    }

    [Fact]
    public void Zero_bytes_in_pax_names_are_refused()
    {
        Refused(new TarBuilder().Pax('x', ("path", "a\0/../b"u8.ToArray())).File("x"));
        Refused(new TarBuilder().Pax('x', ("linkpath", "a\0b"u8.ToArray())).Symlink("x", "y"));
        Refused(new TarBuilder().Symlink("x", ""));
    }

    [Theory]
    [InlineData('M')]
    [InlineData('Z')]
    [InlineData('X')]
    [InlineData('N')]
    public void Unknown_types_are_refused_not_written_as_files(char type) =>
        Assert.Contains($"'{type}'", Refused(new TarBuilder().Add(type, "f", "x"u8.ToArray())).Why, StringComparison.Ordinal);

    [Fact]
    public void Pax_records_that_lie_about_their_length_are_refused()
    {
        foreach (string record in (ReadOnlySpan<string>)["99 path=x\n", "5 path=x\n", "-1 path=x\n", "999999999999999999999 a=b\n", "path=x\n", "7 =abc\n", "9 path=xy\r", " 9 path=x\n", "0 a=b\n"])
        {
            Refused(new TarBuilder().Add('x', "p", Encoding.UTF8.GetBytes(record)).File("f"));
        }

        _box.Unpack(new TarBuilder().Add('x', "p", "10 path=x\n"u8.ToArray()).File("f", "renamed").End());
        Assert.Equal("renamed", _box.Text("x"));
    }

    private static void Base256(byte[] header, int at, int length, ulong value)
    {
        header.AsSpan(at, length).Clear();
        for (int i = length - 1; value > 0; i--, value >>= 8)
        {
            header[at + i] = (byte)value;
        }

        header[at] |= 0x80;
    }
}
