namespace Csrun.Oci;

/// <summary>Clock offsets of a new time namespace.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Offset for Time Namespace"; time_namespaces(7).</remarks>
public sealed record TimeOffsets
{
    /// <summary>Added to CLOCK_MONOTONIC.</summary>
    public TimeOffset? Monotonic { get; init; }

    /// <summary>Added to CLOCK_BOOTTIME.</summary>
    public TimeOffset? Boottime { get; init; }
}
