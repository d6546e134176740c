using System.Text;
using Csrun.Images.Tar;
using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;

namespace Csrun.Images.Tests;

/// <summary>Sparse files in each form that GNU tar writes, and each compression.</summary>
public sealed class SparseAndCompressionTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=posix --sparse-version=0.0")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=1.0")]
    public void Sparse_files_of_GNU_tar_come_out_as_they_went_in(string format)
    {
        string source = Path.Combine(_box.Base, "sparse");
        byte[] content = new byte[40 << 20];
        using (FileStream file = File.Create(source))
        {
            // 30 stretches: more than the old format's header holds, and data in front, inside and at the end.
            for (int i = 0; i < 30; i++)
            {
                byte[] data = new byte[5000];
                new Random(i).NextBytes(data);
                data.CopyTo(content, i << 20);
                file.Position = i << 20;
                file.Write(data);
            }

            file.SetLength(content.Length);
        }

        string archive = Path.Combine(_box.Base, "sparse.tar");
        File.WriteAllText(Path.Combine(_box.Base, "after"), "after");
        Tool.Must("sh", "-c", $"cd '{_box.Base}' && tar --sparse {format} -cf sparse.tar sparse after");
        Assert.True(new FileInfo(archive).Length < 2 << 20, "tar did not store it sparsely");
        UnpackResult result = _box.UnpackFile(archive, new UnpackOptions { SingleId = !Environment.IsPrivilegedProcess });
        Assert.Equal(content, File.ReadAllBytes(_box.In("sparse")));
        Assert.Equal("after", _box.Text("after"));
        Assert.Equal(content.Length + 5, result.Bytes);
        Assert.Equal(["after", "sparse"], Directory.GetFileSystemEntries(_box.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0,5,3,5")]
    [InlineData("5,5,0,5")]
    [InlineData("0,10,100,10")]
    [InlineData("0,5")]
    [InlineData("0,9223372036854775807")]
    [InlineData("0,-5")]
    [InlineData("0")]
    [InlineData("x")]
    public void Sparse_maps_that_lie_are_refused(string map)
    {
        byte[] archive = new TarBuilder()
            .Pax('x', ("GNU.sparse.major", "0"u8.ToArray()), ("GNU.sparse.size", "20"u8.ToArray()), ("GNU.sparse.map", Encoding.ASCII.GetBytes(map)))
            .Add('0', "s", new byte[10]).End();
        Assert.Throws<TarFormatException>(() => _box.Unpack(archive));
        byte[] honest = new TarBuilder()
            .Pax('x', ("GNU.sparse.size", "20"u8.ToArray()), ("GNU.sparse.map", "0,5,10,5"u8.ToArray()), ("GNU.sparse.name", "real"u8.ToArray()))
            .Add('0', "GNUSparseFile.1/s", "aaaaabbbbb"u8.ToArray()).End();
        _box.Unpack(honest);
        Assert.Equal("aaaaa\0\0\0\0\0bbbbb\0\0\0\0\0", _box.Text("real"));
    }

    [Theory]
    [InlineData("GNU.sparse.major", "2")]
    [InlineData("GNU.sparse.weird", "1")]
    [InlineData("SCHILY.realsize", "4096")]
    [InlineData("SUN.holesdata", " 0 10")]
    public void Sparse_forms_that_are_not_known_are_refused_never_written_wrong(string key, string value) =>
        Assert.Throws<TarFormatException>(() => _box.Unpack(new TarBuilder().Pax(key, value).Add('0', "s", new byte[10]).End()));

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    public void Compression_is_told_by_content_not_by_name(string program)
    {
        Assert.True(Tool.Exists(program), $"{program} is part of what the tests need");
        byte[] data = new byte[700_000];
        new Random(3).NextBytes(data.AsSpan(0, 300_000));
        string archive = Path.Combine(_box.Base, "image.tar");
        File.WriteAllBytes(archive, new TarBuilder().Add('0', "data", data).File("after", "x").End());
        Tool.Must("sh", "-c", $"{program} -c < '{archive}' > '{archive}.bin'");
        byte[] compressed = File.ReadAllBytes(archive + ".bin");
        _box.UnpackFile(archive + ".bin");
        Assert.Equal(data, File.ReadAllBytes(_box.In("data")));
        Assert.Equal("x", _box.Text("after"));

        // Cut anywhere, also right before the end, and damaged: told.
        foreach (int length in (ReadOnlySpan<int>)[compressed.Length / 2, compressed.Length - 1, compressed.Length - 5, 20])
        {
            Assert.Throws<TarFormatException>(() => _box.Unpack(compressed[..length]));
        }

        byte[] bad = (byte[])compressed.Clone();
        bad[compressed.Length / 3] ^= 0xff;
        Assert.Throws<TarFormatException>(() => _box.Unpack(bad));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("xz")]
    public void Several_frames_are_one_archive(string program)
    {
        byte[] plain = new TarBuilder().File("a", "x").File("b", "y").End();
        string one = Path.Combine(_box.Base, "1");
        string two = Path.Combine(_box.Base, "2");
        File.WriteAllBytes(one, plain[..600]);
        File.WriteAllBytes(two, plain[600..]);
        Tool.Must("sh", "-c", $"{program} -c < '{one}' > '{one}.c'; {program} -c < '{two}' >> '{one}.c'");
        _box.UnpackFile(one + ".c");
        Assert.Equal(("x", "y"), (_box.Text("a"), _box.Text("b")));
    }

    [Fact]
    public void Bzip2_is_refused_with_what_to_do()
    {
        TarFormatException e = Assert.Throws<TarFormatException>(() => _box.Unpack("BZh91AY&SY"u8.ToArray()));
        Assert.Equal("bunzip2 FILE", e.Fix);
    }
}
