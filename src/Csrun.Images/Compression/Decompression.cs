using Csrun.Images.Tar;
using Csrun.Linux.Compression;

namespace Csrun.Images.Compression;

/// <summary>Finds out how an archive is compressed and opens it.</summary>
internal static class Decompression
{
    internal static ArchiveFormat Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => ArchiveFormat.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ArchiveFormat.Zstandard,
        // A skippable frame may come first (RFC 8878, 3.1.2).
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => ArchiveFormat.Zstandard,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ArchiveFormat.Xz,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => ArchiveFormat.Bzip2,
        [0x04, 0x22, 0x4d, 0x18, ..] => ArchiveFormat.Lz4,
        [(byte)'P', (byte)'K', 3, 4, ..] => ArchiveFormat.Zip,
        _ => ArchiveFormat.Plain,
    };

    /// <summary>The decompressed bytes of <paramref name="input"/>, and whether anything was compressed.</summary>
    internal static (Stream Stream, bool Compressed) Open(CompressedInput input) => Detect(input.Peek(6)) switch
    {
        ArchiveFormat.Gzip => (new GzipArchiveStream(input), true),
        ArchiveFormat.Zstandard => (new ZstdStream(input), true),
        ArchiveFormat.Xz => (new XzStream(input), true),
        ArchiveFormat.Bzip2 => throw Refused("bzip2", "bunzip2 FILE"),
        ArchiveFormat.Lz4 => throw Refused("lz4", "unlz4 FILE"),
        ArchiveFormat.Zip => throw new TarFormatException("this is not a tar archive", "it is a zip archive", "unzip it and make a tar archive of the directory"),
        _ => (input, false),
    };

    private static TarFormatException Refused(string name, string fix) =>
        new($"the archive is compressed with {name}", "csrun decompresses gzip, zstd and xz in its own process", fix);
}
