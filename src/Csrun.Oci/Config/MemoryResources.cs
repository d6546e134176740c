namespace Csrun.Oci;

/// <summary>Memory limits of the cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Memory".</remarks>
public sealed record MemoryResources
{
    /// <summary>Bytes; -1 is unlimited.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit, in bytes; -1 is unlimited.</summary>
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together, in bytes; -1 is unlimited.</summary>
    public long? Swap { get; init; }

    /// <summary>Kernel memory, in bytes (cgroup v1, deprecated).</summary>
    public long? Kernel { get; init; }

    /// <summary>Kernel TCP buffers, in bytes (cgroup v1); JSON name <c>kernelTCP</c>.</summary>
    public long? KernelTcp { get; init; }

    /// <summary>0 to 100.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>Whether the OOM killer leaves the cgroup alone (cgroup v1); JSON name <c>disableOOMKiller</c>.</summary>
    public bool? DisableOomKiller { get; init; }

    /// <summary>Hierarchical accounting (cgroup v1).</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>Whether an update below the current usage is refused.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}
