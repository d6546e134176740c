using System.Collections.Immutable;

namespace Csrun.Images.Unpacking;

/// <summary>What came out of an archive.</summary>
public sealed record UnpackResult
{
    /// <summary>Members, all kinds.</summary>
    public required long Entries { get; init; }

    /// <summary>Regular files.</summary>
    public required long Files { get; init; }

    /// <summary>Bytes of regular files, holes included.</summary>
    public required long Bytes { get; init; }

    /// <summary>Device nodes that this process may not make and that were left out.</summary>
    public required long SkippedDevices { get; init; }

    /// <summary>Extended attributes that the file system or the kernel refused, or that csrun never keeps.</summary>
    public required long DroppedXattrs { get; init; }

    /// <summary>Members whose owner was dropped because only one ID is mapped.</summary>
    public required long DroppedOwners { get; init; }

    /// <summary>The highest owner in the archive, an ID inside the container.</summary>
    public required uint HighestUid { get; init; }

    /// <summary>The highest group in the archive, an ID inside the container.</summary>
    public required uint HighestGid { get; init; }

    /// <summary>What the user should know, a fact each; empty when everything came out as it went in.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}
