namespace Csrun.Plan.Cgroups;

/// <summary>What a control group is set to now, where the order of writes, or whether they are made, depends on it.</summary>
/// <param name="MemoryLimit">memory.limit_in_bytes or memory.max, in bytes; <see cref="ulong.MaxValue"/> for none.</param>
/// <param name="MemoryUsage">memory.usage_in_bytes or memory.current, in bytes.</param>
/// <param name="SwapAccounting">Whether swap is counted: memory.memsw.limit_in_bytes or memory.swap.max is there.</param>
public readonly record struct CgroupPresent(ulong MemoryLimit, ulong MemoryUsage, bool SwapAccounting)
{
    /// <summary>A new group: no limit.</summary>
    public static CgroupPresent New { get; } = new(ulong.MaxValue, 0, true);
}
