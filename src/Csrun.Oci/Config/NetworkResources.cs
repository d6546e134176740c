namespace Csrun.Oci;

/// <summary>Traffic class and priorities (cgroup v1).</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Network".</remarks>
public sealed record NetworkResources
{
    /// <summary>net_cls class of the cgroup's packets; JSON name <c>classID</c>.</summary>
    public uint? ClassID { get; init; }

    /// <summary>net_prio priorities by interface.</summary>
    public IReadOnlyList<InterfacePriority> Priorities { get; init; } = [];
}
