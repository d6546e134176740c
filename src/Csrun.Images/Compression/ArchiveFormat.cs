namespace Csrun.Images.Compression;

/// <summary>How an archive is compressed, told by its first bytes and never by its name.</summary>
internal enum ArchiveFormat
{
    /// <summary>Not at all, or in a way csrun does not know.</summary>
    Plain,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>RFC 8878.</summary>
    Zstandard,

    /// <summary>The .xz file format.</summary>
    Xz,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>LZ4 frames.</summary>
    Lz4,

    /// <summary>A zip archive, which is no tar.</summary>
    Zip,
}
