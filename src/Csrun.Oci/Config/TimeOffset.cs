namespace Csrun.Oci;

/// <summary>An offset of one clock.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Offset for Time Namespace".</remarks>
public sealed record TimeOffset
{
    /// <summary>Seconds; may be negative.</summary>
    public long Secs { get; init; }

    /// <summary>Nanoseconds added to the seconds, below 1000000000.</summary>
    public uint Nanosecs { get; init; }
}
