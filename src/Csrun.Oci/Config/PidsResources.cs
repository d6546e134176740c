namespace Csrun.Oci;

/// <summary>Number of tasks in the cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "PIDs".</remarks>
public sealed record PidsResources
{
    /// <summary>Most tasks at a time; -1 is unlimited.</summary>
    public long? Limit { get; init; }
}
