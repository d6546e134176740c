namespace Csrun.Oci;

/// <summary>The words of <c>process.scheduler</c>, <c>process.ioPriority</c> and <c>linux.memoryPolicy</c>, with the kernel's numbers.</summary>
/// <remarks>linux/sched.h, linux/ioprio.h, linux/mempolicy.h; the same numbers on every architecture.</remarks>
public static class SchedulingWords
{
    /// <summary>By number: SCHED_OTHER is 0.</summary>
    internal static readonly string[] Policies =
        ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    /// <summary>By bit: SCHED_FLAG_RESET_ON_FORK is 1.</summary>
    internal static readonly string[] SchedulerFlags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
        "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    /// <summary>By number; IOPRIO_CLASS_RT is 1.</summary>
    internal static readonly string[] IoClasses = ["IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    /// <summary>By number: MPOL_DEFAULT is 0.</summary>
    internal static readonly string[] MemoryModes =
    [
        "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE",
    ];

    /// <summary>By bit, from bit 13 on.</summary>
    internal static readonly string[] MemoryFlags = ["MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"];

    private const int FirstMemoryFlag = 13;

    /// <summary>The number of a scheduling policy.</summary>
    public static int Policy(string name) => Number(Policies, name);

    /// <summary>The bits of scheduling flags.</summary>
    public static ulong Flags(IReadOnlyList<string> names) => Bits(SchedulerFlags, names);

    /// <summary>The number of an I/O scheduling class.</summary>
    public static int IoClass(string name) => Number(IoClasses, name) + 1;

    /// <summary>The mode of a memory policy with its flags, as set_mempolicy(2) takes it.</summary>
    public static long MemoryMode(MemoryPolicy policy) => (long)((uint)Number(MemoryModes, policy.Mode) | (Bits(MemoryFlags, policy.Flags) << FirstMemoryFlag));

    /// <summary>Flags in the order of their bits, each once, as strace(1) prints them.</summary>
    public static IEnumerable<string> InOrder(IReadOnlyList<string> names)
    {
        foreach (string name in (IEnumerable<string>)[.. SchedulerFlags, .. MemoryFlags])
        {
            if (names.Contains(name))
            {
                yield return name;
            }
        }
    }

    private static ulong Bits(string[] table, IReadOnlyList<string> names)
    {
        ulong bits = 0;
        foreach (string name in names)
        {
            bits |= 1UL << Number(table, name);
        }

        return bits;
    }

    private static int Number(string[] table, string name)
    {
        int index = Array.IndexOf(table, name);
        return index >= 0 ? index : throw new ArgumentOutOfRangeException(nameof(name), name, "the configuration has been checked before");
    }
}
