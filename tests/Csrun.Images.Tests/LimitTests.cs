using Csrun.Images.Tar;
using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;

namespace Csrun.Images.Tests;

/// <summary>Archives that ask for too much, and archives that end too early.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    private string Refused(byte[] archive, TarLimits? limits = null)
    {
        TarFormatException e = Assert.Throws<TarFormatException>(() => _box.Unpack(archive, new UnpackOptions { Limits = limits ?? new TarLimits() }));
        return $"{e.Message}: {e.Why}";
    }

    [Fact]
    public void The_decompressed_size_is_limited_not_the_compressed_one()
    {
        byte[] archive = TarBuilder.Gzip(new TarBuilder().Add('0', "zeros", new byte[2 << 20]).End());
        Assert.True(archive.Length < 100_000);
        Assert.Contains("larger than 1048576 bytes", Refused(archive, new TarLimits { TotalBytes = 1 << 20 }), StringComparison.Ordinal);
        _box.Unpack(archive, new UnpackOptions { Limits = new TarLimits { TotalBytes = 4 << 20 } });
    }

    [Fact]
    public void The_ratio_is_limited_once_there_is_much()
    {
        byte[] archive = TarBuilder.Gzip(new TarBuilder().Add('0', "zeros", new byte[8 << 20]).End());
        TarLimits limits = new() { RatioFloor = 1 << 20, Ratio = 100 };
        Assert.Contains("100 times", Refused(archive, limits), StringComparison.Ordinal);
        _box.Unpack(archive, new UnpackOptions { Limits = limits with { RatioFloor = 16 << 20 } });
        // Nothing is compressed: no ratio.
        _box.Unpack(new TarBuilder().Add('0', "plain", new byte[4 << 20]).End(), new UnpackOptions { Limits = limits });
    }

    [Fact]
    public void A_real_bomb_trips_the_default_ratio()
    {
        // 80 MiB of zeros in about 80 KB: more than DEFLATE's usual, less than the total limit.
        MemoryStream compressed = new();
        using (System.IO.Compression.GZipStream gzip = new(compressed, System.IO.Compression.CompressionLevel.SmallestSize))
        {
            gzip.Write(new TarBuilder().Add('0', "zeros", [], size: 160L << 20).Cut());
            for (int i = 0; i < 160; i++)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }

        Assert.Contains("bomb", Refused(compressed.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_are_limited_headers_of_all_kinds_counted()
    {
        TarBuilder tar = new();
        for (int i = 0; i < 10; i++)
        {
            tar.Pax("comment", "x").File($"f{i}");
        }

        Assert.Contains("more than 19 entries", Refused(tar.End(), new TarLimits { Entries = 19 }), StringComparison.Ordinal);
        Assert.Equal(20, _box.Unpack(tar.End(), new UnpackOptions { Limits = new TarLimits { Entries = 20 } }).Entries);
    }

    [Fact]
    public void Depth_and_length_of_names_are_limited()
    {
        string deep = string.Join('/', Enumerable.Repeat("d", 256));
        _box.Unpack(new TarBuilder().Pax("path", deep).File("x", "deep").End());
        Assert.Equal("deep", _box.Text(deep));
        Assert.Contains("256 directories deep", Refused(new TarBuilder().Pax("path", deep + "/e").File("x").End()), StringComparison.Ordinal);
        Assert.Contains("bytes, the limit is 4095", Refused(new TarBuilder().Pax("path", new string('n', 5000)).File("x").End()), StringComparison.Ordinal);
    }

    [Fact]
    public void Pax_and_long_name_headers_are_limited()
    {
        foreach (char type in "xgLK")
        {
            Assert.Contains("announces 2097152 bytes", Refused(new TarBuilder().Add(type, "p", [], size: 2 << 20).End()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_kept_in_memory_is_limited_over_all_headers()
    {
        TarBuilder globals = new();
        for (int i = 0; i < 4; i++)
        {
            globals.Pax('g', ($"comment{i}", new byte[400_000]));
        }

        Assert.Contains("global PAX headers set more than 1048576 bytes", Refused(globals.File("f").End()), StringComparison.Ordinal);
        // The same keyword again replaces what was kept.
        TarBuilder same = new();
        for (int i = 0; i < 4; i++)
        {
            same.Pax('g', ("comment", new byte[400_000]));
        }

        _box.Unpack(same.File("f").End());
        byte[] directories = new TarBuilder().Directory("first").Directory("second").End();
        Assert.Contains("more than 10 characters", Refused(directories, new TarLimits { DirectoryNames = 10 }), StringComparison.Ordinal);
        _box.Unpack(directories, new UnpackOptions { Limits = new TarLimits { DirectoryNames = 11 } });
    }

    [Fact]
    public void A_sparse_file_larger_than_the_limit_is_refused_before_it_exists()
    {
        byte[] archive = new TarBuilder()
            .Pax('x', ("GNU.sparse.size", "4000000000000"u8.ToArray()), ("GNU.sparse.numblocks", "0"u8.ToArray()))
            .File("holes").End();
        Assert.Contains("announces 4000000000000 bytes", Refused(archive), StringComparison.Ordinal);
        Assert.False(File.Exists(_box.In("holes")));
    }

    [Fact]
    public void Every_cut_is_noticed_compressed_or_not()
    {
        byte[] plain = new TarBuilder().Directory("d").Pax("comment", "x").File("d/f", new string('x', 700)).File("d/g", "y").End();
        foreach (byte[] whole in (ReadOnlySpan<byte[]>)[plain, TarBuilder.Gzip(plain)])
        {
            // An uncompressed archive is whole from its end marker's first block on.
            int end = ReferenceEquals(whole, plain) ? plain.Length - 1024 : whole.Length - 1;
            for (int length = 0; length <= end; length += ReferenceEquals(whole, plain) ? 97 : 1)
            {
                string message = Refused(whole[..length]);
                Assert.True(
                    message.Contains("cut", StringComparison.Ordinal) || message.Contains("empty", StringComparison.Ordinal) || message.Contains("no tar header", StringComparison.Ordinal) || message.Contains("corrupt", StringComparison.Ordinal),
                    $"{length} of {whole.Length}: {message}");
            }

            _box.Unpack(whole);
        }
    }

    [Fact]
    public void A_cut_names_the_entry_it_hits() =>
        Assert.Contains("ends inside \"etc/passwd\"", Refused(new TarBuilder().Add('0', "etc/passwd", new byte[512], size: 2000).Cut()), StringComparison.Ordinal);

    [Fact]
    public void A_flipped_bit_in_compressed_data_is_noticed()
    {
        byte[] whole = TarBuilder.Gzip(new TarBuilder().File("f", string.Concat(Enumerable.Range(0, 2000).Select(i => i.ToString()))).End());
        for (int at = 12; at < whole.Length; at += 131)
        {
            byte[] bad = (byte[])whole.Clone();
            bad[at] ^= 0x10;
            Refused(bad);
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_header_is_named_with_its_offset()
    {
        byte[] archive = new TarBuilder().File("a", "x").File("b", "y").End();
        archive[1024 + 3] ^= 1;
        Assert.Contains("corrupt at byte 1024", Refused(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_archive_is_told_so()
    {
        Assert.Contains("not a tar archive", Refused("#!/bin/sh\necho hello\n"u8.ToArray().Concat(new byte[2000]).ToArray()), StringComparison.Ordinal);
        Assert.Contains("zip archive", Refused([(byte)'P', (byte)'K', 3, 4, 0, 0, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("empty", Refused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_gzip_members_are_one_archive()
    {
        byte[] plain = new TarBuilder().File("a", "x").File("b", "y").End();
        _box.Unpack([.. TarBuilder.Gzip(plain[..700]), .. TarBuilder.Gzip(plain[700..])]);
        Assert.Equal(("x", "y"), (_box.Text("a"), _box.Text("b")));
    }

    [Fact]
    public void Without_its_end_marker_an_archive_is_only_taken_when_asked()
    {
        byte[] archive = new TarBuilder().File("a", "x").Cut();
        Assert.Contains("end marker is missing", Refused(archive), StringComparison.Ordinal);
        _box.Unpack(archive, new UnpackOptions { RequireEndMarker = false });
        Assert.Equal("x", _box.Text("a"));
    }

    [RootFact]
    public void A_full_disk_is_said_with_what_to_do()
    {
        string mount = Directory.CreateDirectory(_box.In("small")).FullName;
        Tool.Must("mount", "-t", "tmpfs", "-o", "size=64k", "none", mount);
        try
        {
            using Linux.Handles.SafeFd fd = Sandbox.Open(mount);
            using MemoryStream stream = new(new TarBuilder().Add('0', "big", new byte[1 << 20]).End());
            Linux.KernelException e = Assert.Throws<Linux.KernelException>(() => Unpacker.Unpack(stream, fd, new UnpackOptions()));
            Assert.Equal((Linux.Abi.Errno.ENOSPC, "big"), (e.Errno, e.Path));
            Assert.Contains("no space", e.Why, StringComparison.Ordinal);
            Assert.Contains("df -h", e.Fix, StringComparison.Ordinal);
        }
        finally
        {
            Tool.Must("umount", mount);
        }
    }
}
