namespace Csrun.Oci;

/// <summary>CPU time and placement of the cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "CPU".</remarks>
public sealed record CpuResources
{
    /// <summary>Relative share, 2 to 262144 (cgroup v1's scale).</summary>
    public ulong? Shares { get; init; }

    /// <summary>Microseconds of CPU time per period; -1 is unlimited.</summary>
    public long? Quota { get; init; }

    /// <summary>Microseconds that may be saved up over periods.</summary>
    public ulong? Burst { get; init; }

    /// <summary>Length of a period, in microseconds.</summary>
    public ulong? Period { get; init; }

    /// <summary>Microseconds of real-time scheduling per real-time period.</summary>
    public long? RealtimeRuntime { get; init; }

    /// <summary>Length of a real-time period, in microseconds.</summary>
    public ulong? RealtimePeriod { get; init; }

    /// <summary>CPUs, such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes, in the same form.</summary>
    public string? Mems { get; init; }

    /// <summary>1 for SCHED_IDLE behaviour of the cgroup, else 0.</summary>
    public long? Idle { get; init; }
}
