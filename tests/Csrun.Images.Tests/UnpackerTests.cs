using System.Text;
using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;

namespace Csrun.Images.Tests;

/// <summary>What honest archives become.</summary>
public sealed class UnpackerTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void Every_kind_of_entry_comes_out()
    {
        UnpackResult result = _box.Unpack(new TarBuilder()
            .Directory("./", 0b101_101_101)
            .Directory("etc/")
            .File("etc/motd", "hello\n", 0b110_000_000)
            .Symlink("etc/link", "../nowhere")
            .HardLink("etc/second", "etc/motd")
            .Add('6', "pipe", mode: 0b110_110_110)
            .End());

        Assert.Equal("hello\n", _box.Text("etc/motd"));
        Assert.Equal("../nowhere", new FileInfo(_box.In("etc/link")).LinkTarget);
        Assert.Equal(2, _box.Links("etc/second"));
        Assert.Equal("p666", _box.Stat("pipe", "%y%m"));
        Assert.Equal("d555", _box.Stat(".", "%y%m"));
        Assert.Equal(0b110_000_000u, _box.Mode("etc/motd"));
        Assert.Equal("1000000000.0000000000 1000000000.0000000000 1000000000.0000000000", string.Join(' ', _box.Stat("etc/motd", "%T@"), _box.Stat("etc", "%T@"), _box.Stat("etc/link", "%T@")));
        Assert.Equal((1, 6), (result.Files, result.Bytes));
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Set_id_and_sticky_bits_survive_the_change_of_owner()
    {
        _box.Unpack(new TarBuilder().File("su", "x", 0xfed).Directory("tmp", 0x3ff).File("sg", "x", 0x5ed).End());
        Assert.Equal((0xfedu, 0x3ffu, 0x5edu), (_box.Mode("su"), _box.Mode("tmp"), _box.Mode("sg")));
    }

    [Fact]
    public void The_umask_has_no_say()
    {
        // dotnet test runs with 022 at least: a mode of 0777 and a parent that no entry lists show it.
        _box.Unpack(new TarBuilder().File("made/by/path/file", "x", 0b111_111_111).Directory("open", 0b111_111_111).End());
        Assert.Equal((0b111_111_111u, 0b111_111_111u, 0b111_101_101u), (_box.Mode("made/by/path/file"), _box.Mode("open"), _box.Mode("made/by")));
    }

    [Fact]
    public void A_directory_without_write_permission_still_gets_its_files()
    {
        _box.Unpack(new TarBuilder().Directory("closed", 0).File("closed/in/file", "x").Directory("closed/in", 0b101_000_000).End());
        Assert.Equal((0u, "40"), (_box.Mode("closed"), "40"));
        Tool.Must("chmod", "700", _box.In("closed"));
        Assert.Equal(0b101_000_000u, _box.Mode("closed/in"));
        Assert.Equal("x", _box.Text("closed/in/file"));
    }

    [Fact]
    public void Directory_times_are_those_of_the_archive_whatever_follows()
    {
        _box.Unpack(new TarBuilder().Add('5', "d", mtime: 5, mode: 0b111_101_101).File("d/a").File("d/b").End());
        Assert.Equal("5.0000000000", _box.Stat("d", "%T@"));
    }

    [Fact]
    public void The_later_of_two_entries_wins_whatever_they_are()
    {
        UnpackResult result = _box.Unpack(new TarBuilder()
            .File("a", "first").File("a", "second")
            .File("b", "file").Directory("b").File("b/in", "x")
            .Directory("c").File("c/deep/in", "x").File("c", "file now")
            .Symlink("d", "/etc").Directory("d").File("d/own", "x")
            .Directory("e", 0b111_000_000).File("e/kept", "x").Directory("e", 0b111_101_101)
            .File("f", "x").Symlink("f", "a")
            .File("g/h/file", "first").File("g/h/file", "second").File("g/h/other", "x").Symlink("g/h/other", "file").Directory("g/h/other")
            .File("g/h/other/in", "deep")
            .End());
        Assert.Equal(("second", "deep"), (_box.Text("g/h/file"), _box.Text("g/h/other/in")));
        Assert.Equal(("second", "x", "file now", "x", "x"), (_box.Text("a"), _box.Text("b/in"), _box.Text("c"), _box.Text("d/own"), _box.Text("e/kept")));
        Assert.Equal(0b111_101_101u, _box.Mode("e"));
        Assert.Equal("a", new FileInfo(_box.In("f")).LinkTarget);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Replacing_one_name_of_a_hard_link_leaves_the_other()
    {
        _box.Unpack(new TarBuilder().File("a", "old").HardLink("b", "a").File("a", "new").End());
        Assert.Equal(("new", "old"), (_box.Text("a"), _box.Text("b")));
    }

    [Fact]
    public void A_hard_link_to_itself_keeps_the_file()
    {
        _box.Unpack(new TarBuilder().Directory("d").Symlink("alias", "d").File("d/f", "kept").HardLink("alias/f", "./d//f").HardLink("d/f", "/d/f").End());
        Assert.Equal("kept", _box.Text("d/f"));
    }

    [Fact]
    public void Absolute_hard_link_targets_mean_the_root_file_system()
    {
        // kaniko writes them; go-archive#99 broke such images.
        _box.Unpack(new TarBuilder().File("usr/bin/tool", "x").HardLink("usr/bin/other", "/usr/bin/tool").End());
        Assert.Equal(2, _box.Links("usr/bin/tool"));
    }

    [Fact]
    public void A_hard_link_to_a_symbolic_link_links_the_link()
    {
        _box.Unpack(new TarBuilder().Symlink("l", "/etc/passwd").HardLink("m", "l").End());
        Assert.Equal(("/etc/passwd", 2), (new FileInfo(_box.In("m")).LinkTarget, _box.Links("m")));
    }

    [Fact]
    public void Parents_may_be_symbolic_links_inside_the_root()
    {
        _box.Unpack(new TarBuilder().Directory("usr/lib").Symlink("lib", "usr/lib").Symlink("abs", "/usr").File("lib/a", "x").File("abs/lib/b", "y").End());
        Assert.Equal(("x", "y"), (_box.Text("usr/lib/a"), _box.Text("usr/lib/b")));
    }

    [Fact]
    public void Names_are_bytes_and_survive_as_they_are()
    {
        byte[] latin1 = [(byte)'c', (byte)'a', (byte)'f', 0xe9];
        _box.Unpack(new TarBuilder().Add('0', "", "x"u8.ToArray(), rawName: latin1).Pax('x', ("path", [0xff, 0xfe])).File("short", "y").File("ünï", "z").File("a\nb", "n").End());
        string listed = Tool.Must("sh", "-c", $"cd '{_box.Root}' && LC_ALL=C ls -1b");
        Assert.Equal(@"\303\274n\303\257|\377\376|a\nb|caf\351", string.Join('|', listed.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("pax")]
    [InlineData("gnu")]
    [InlineData("prefix")]
    public void Long_names_and_targets_come_out_whole(string how)
    {
        string name = string.Join('/', Enumerable.Repeat("directory-with-a-name", 8)) + "/file";
        string target = new string('t', 90) + "/" + new string('u', 90);
        TarBuilder tar = new();
        byte[] end = how switch
        {
            "pax" => tar.Pax("path", name).File("short", "x").Pax('x', ("path", "l"u8.ToArray()), ("linkpath", Encoding.UTF8.GetBytes(target))).Symlink("s", "short").End(),
            "gnu" => tar.Add('L', "././@LongLink", Encoding.UTF8.GetBytes(name + "\0")).File("short", "x").Add('K', "././@LongLink", Encoding.UTF8.GetBytes(target + "\0")).Symlink("l", "short").End(),
            _ => tar.Add('0', "directory-with-a-name/file", "x"u8.ToArray(), change: header => Encoding.UTF8.GetBytes(name[..^"/directory-with-a-name/file".Length]).CopyTo(header, 345)).Symlink("l", "t").End(),
        };
        _box.Unpack(end);
        Assert.Equal("x", _box.Text(name));
        Assert.Equal(how == "prefix" ? "t" : target, new FileInfo(_box.In("l")).LinkTarget);
    }

    [Fact]
    public void Pax_headers_override_size_owner_and_time_and_global_ones_last()
    {
        _box.Unpack(new TarBuilder()
            .Pax('g', ("mtime", "77"u8.ToArray()), ("comment", "x"u8.ToArray()))
            .File("global", "x")
            .Pax('x', ("size", "5"u8.ToArray()), ("mtime", "1234.5"u8.ToArray()))
            .Add('0', "local", "12345"u8.ToArray(), size: 0)
            .Pax("mtime", "-1.25").File("early", "x")
            .Pax('g', ("mtime", []))
            .File("after", "x")
            .End());
        Assert.Equal("12345", _box.Text("local"));
        Assert.Equal("77.0000000000 1234.5000000000 1000000000.0000000000", string.Join(' ', new[] { "global", "local", "after" }.Select(name => _box.Stat(name, "%T@"))));
        // stat(1) rounds the quarter second down.
        Assert.Equal("-2", Tool.Must("stat", "-c", "%Y", _box.In("early")).Trim());
    }

    [Fact]
    public void Base_256_numbers_are_read()
    {
        _box.Unpack(new TarBuilder().Add('0', "f", "x"u8.ToArray(), change: header =>
        {
            header.AsSpan(136, 12).Clear();
            header[136] = 0x80;
            header[147] = 99;
        }).End());
        Assert.Equal("99.0000000000", _box.Stat("f", "%T@"));
    }

    [Fact]
    public void Old_archives_without_magic_and_directories_by_slash_are_read()
    {
        _box.Unpack(new TarBuilder()
            .Add('\0', "dir/", change: header => header.AsSpan(257).Clear(), mode: 0b111_101_101)
            .Add('\0', "dir/f", "x"u8.ToArray(), change: header => header.AsSpan(257).Clear())
            .Add('7', "g", "y"u8.ToArray())
            .End());
        Assert.Equal(("x", "y"), (_box.Text("dir/f"), _box.Text("g")));
    }

    [Fact]
    public void Content_that_spans_many_buffers_is_the_same()
    {
        byte[] data = new byte[3 * 1024 * 1024 + 7];
        new Random(1).NextBytes(data);
        _box.Unpack(TarBuilder.Gzip(new TarBuilder().Add('0', "big", data).File("after", "x").End()));
        Assert.Equal(data, File.ReadAllBytes(_box.In("big")));
        Assert.Equal("x", _box.Text("after"));
    }

    [Fact]
    public void Whiteout_names_are_plain_files_in_a_root_file_system()
    {
        // Only layers have whiteouts (OCI image-spec); nothing may vanish because of these names.
        _box.Unpack(new TarBuilder().File("a", "kept").File(".wh.a", "").File("d/keep", "x").File("d/.wh..wh..opq", "").File(".wh...", "").File(".wh..", "").End());
        Assert.Equal(("kept", "x"), (_box.Text("a"), _box.Text("d/keep")));
        Assert.True(File.Exists(_box.In(".wh.a")));
        _box.AssertOutsideUntouched();
    }

    [Fact]
    public void Progress_counts_compressed_bytes_up_to_all_of_them()
    {
        byte[] archive = TarBuilder.Gzip(new TarBuilder().Add('0', "big", new byte[1024 * 1024]).End());
        Recorder recorder = new();
        _box.Unpack(archive, new UnpackOptions { CompressedSize = archive.Length }, recorder);
        Assert.Equal((archive.Length, archive.Length), recorder.Last);
    }

    [Fact]
    public void What_system_format_tar_writes_is_read_in_all_four_formats()
    {
        foreach (System.Formats.Tar.TarEntryFormat format in (ReadOnlySpan<System.Formats.Tar.TarEntryFormat>)
            [System.Formats.Tar.TarEntryFormat.V7, System.Formats.Tar.TarEntryFormat.Ustar, System.Formats.Tar.TarEntryFormat.Pax, System.Formats.Tar.TarEntryFormat.Gnu])
        {
            File.WriteAllText(Path.Combine(_box.Root, "source"), format.ToString());
            MemoryStream stream = new();
            using (System.Formats.Tar.TarWriter writer = new(stream, format, leaveOpen: true))
            {
                writer.WriteEntry(_box.In("source"), $"dir/{format}");
            }

            _box.Unpack(stream.ToArray());
            Assert.Equal(format.ToString(), _box.Text($"dir/{format}"));
        }
    }

    private sealed class Recorder : IUnpackObserver
    {
        public (long Read, long Total) Last { get; private set; }

        public void Progress(long read, long total) => Last = (read, total);
    }
}
