using Csrun.Images.Tar;

namespace Csrun.Images.Unpacking;

/// <summary>How to unpack.</summary>
public sealed record UnpackOptions
{
    /// <summary>What is too much.</summary>
    public TarLimits Limits { get; init; } = new();

    /// <summary>Only one ID is mapped: nothing is given to another owner, and the result counts what was dropped.</summary>
    public bool SingleId { get; init; }

    /// <summary>Whether an archive without its end marker is taken as cut. Off for layers whose length a digest already vouches for.</summary>
    public bool RequireEndMarker { get; init; } = true;

    /// <summary>How large the compressed archive is, in bytes, for the progress; -1 when unknown.</summary>
    public long CompressedSize { get; init; } = -1;
}
