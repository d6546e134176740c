namespace Csrun.Images.Tar;

/// <summary>How much an archive may ask for: nothing that comes out of an image is trusted.</summary>
public sealed record TarLimits
{
    /// <summary>Bytes of the decompressed archive, and separately of all files with their holes; 32 GiB.</summary>
    public long TotalBytes { get; init; } = 32L << 30;

    /// <summary>Headers of any kind; two million.</summary>
    public int Entries { get; init; } = 2_000_000;

    /// <summary>Directories above a member; 256.</summary>
    public int PathDepth { get; init; } = 256;

    /// <summary>Bytes of a name, its terminating zero counted; the kernel's PATH_MAX.</summary>
    public int NameLength { get; init; } = 4096;

    /// <summary>Characters of all directories' names together, which are kept in memory until the end; 64 million.</summary>
    public long DirectoryNames { get; init; } = 64_000_000;

    /// <summary>Bytes of one PAX header, and of what all global ones set together; 1 MiB.</summary>
    public int PaxBytes { get; init; } = 1 << 20;

    /// <summary>Stretches of one sparse file; one million.</summary>
    public int SparseExtents { get; init; } = 1_000_000;

    /// <summary>Decompressed bytes for each compressed byte, once <see cref="RatioFloor"/> is passed; 1000.</summary>
    public int Ratio { get; init; } = 1000;

    /// <summary>Decompressed bytes up to which no ratio is too high; 64 MiB.</summary>
    public long RatioFloor { get; init; } = 64L << 20;
}
