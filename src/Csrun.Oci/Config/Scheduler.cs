namespace Csrun.Oci;

/// <summary>Scheduling policy of the container's process.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux Process", scheduler; sched_setattr(2).</remarks>
public sealed record Scheduler
{
    /// <summary>Such as <c>SCHED_BATCH</c>.</summary>
    public string Policy { get; init; } = "";

    /// <summary>-20 to 19, for SCHED_OTHER and SCHED_BATCH.</summary>
    public int? Nice { get; init; }

    /// <summary>1 to 99, for SCHED_FIFO and SCHED_RR.</summary>
    public int? Priority { get; init; }

    /// <summary>Such as <c>SCHED_FLAG_RESET_ON_FORK</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Nanoseconds per period, for SCHED_DEADLINE.</summary>
    public ulong? Runtime { get; init; }

    /// <summary>Nanoseconds, for SCHED_DEADLINE.</summary>
    public ulong? Deadline { get; init; }

    /// <summary>Nanoseconds, for SCHED_DEADLINE.</summary>
    public ulong? Period { get; init; }
}
