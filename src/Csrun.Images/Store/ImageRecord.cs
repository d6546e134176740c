namespace Csrun.Images.Store;

/// <summary>An image that the store has.</summary>
public sealed record ImageRecord
{
    /// <summary>Its name.</summary>
    public required ImageName Name { get; init; }

    /// <summary>The digest of its tarball.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Where the tarball came from: a path or an address.</summary>
    public required string Source { get; init; }

    /// <summary>The size of the tarball in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When it came into the store.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What it asks to be run with.</summary>
    public required ImageConfig Config { get; init; }
}
