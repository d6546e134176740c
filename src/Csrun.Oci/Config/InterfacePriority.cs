namespace Csrun.Oci;

/// <summary>Priority of the cgroup's traffic on one interface.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Network", priorities.</remarks>
public sealed record InterfacePriority
{
    /// <summary>Interface name in the runtime's network namespace.</summary>
    public string Name { get; init; } = "";

    /// <summary>net_prio priority.</summary>
    public uint Priority { get; init; }
}
