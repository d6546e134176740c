namespace Csrun.Oci;

/// <summary>Cache and memory bandwidth allocation.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "IntelRdt".</remarks>
public sealed record IntelRdt
{
    /// <summary>Name of the resctrl group; null is the container's ID.</summary>
    public string? ClosID { get; init; }

    /// <summary>Lines for the group's schemata file.</summary>
    public IReadOnlyList<string> Schemata { get; init; } = [];

    /// <summary>Cache lines of the schemata.</summary>
    public string? L3CacheSchema { get; init; }

    /// <summary>Memory bandwidth line of the schemata.</summary>
    public string? MemBwSchema { get; init; }

    /// <summary>Whether a monitoring group is made.</summary>
    public bool? EnableMonitoring { get; init; }

    /// <summary>Cache monitoring (before 1.3); JSON name <c>enableCMT</c>.</summary>
    public bool? EnableCmt { get; init; }

    /// <summary>Bandwidth monitoring (before 1.3); JSON name <c>enableMBM</c>.</summary>
    public bool? EnableMbm { get; init; }
}
