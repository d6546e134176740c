using System.Collections.Immutable;

namespace Csrun.Runtime.Cgroups;

/// <summary>What a control group has used; what its controllers do not count is null, or empty.</summary>
public sealed record CgroupStatistics
{
    /// <summary>Processor time; null without a controller that counts it.</summary>
    public CpuUsage? Cpu { get; init; }

    /// <summary>Version 1's settings of cpuset, by their files' names without the controller's; lists of numbers and single numbers.</summary>
    public ImmutableArray<(string Name, string Text)> Cpuset { get; init; } = [];

    /// <summary>Memory.</summary>
    public MemoryUsage? Memory { get; init; }

    /// <summary>How many processes and threads there are; null without the controller.</summary>
    public ulong? Pids { get; init; }

    /// <summary>How many there may be; <see cref="ulong.MaxValue"/> for any number.</summary>
    public ulong PidsLimit { get; init; } = ulong.MaxValue;

    /// <summary>Block devices: what, on which device, which operation, how much.</summary>
    public ImmutableArray<BlockIOUsage> BlockIO { get; init; } = [];

    /// <summary>Huge pages by their size.</summary>
    public ImmutableArray<(string Size, MemoryCounter Usage)> HugePages { get; init; } = [];

    /// <summary>How many processes the kernel has killed for want of memory.</summary>
    public ulong OomKills { get; init; }
}

/// <summary>Processor time in nanoseconds.</summary>
/// <param name="Total">All of it.</param>
/// <param name="User">In user mode.</param>
/// <param name="Kernel">In the kernel.</param>
public sealed record CpuUsage(ulong Total, ulong User, ulong Kernel)
{
    /// <summary>For each processor: all, in user mode, in the kernel. Version 1 alone counts them.</summary>
    public ImmutableArray<(ulong Total, ulong User, ulong Kernel)> PerCpu { get; init; } = [];

    /// <summary>How many periods of a quota have gone by.</summary>
    public ulong Periods { get; init; }

    /// <summary>In how many of them the quota was used up.</summary>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>How long it had to wait for that, in nanoseconds.</summary>
    public ulong ThrottledTime { get; init; }
}

/// <summary>An amount with its limit, in bytes.</summary>
/// <param name="Usage">Now.</param>
/// <param name="Max">The most there ever was; 0 where nobody counts it.</param>
/// <param name="Limit">The limit; <see cref="ulong.MaxValue"/> for none.</param>
/// <param name="Failures">How often the limit was hit.</param>
public readonly record struct MemoryCounter(ulong Usage, ulong Max, ulong Limit, ulong Failures);

/// <summary>Memory of a group.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Swap">Version 1: memory and swap together; version 2: swap, as runc adds it up, likewise together.</param>
/// <param name="Kernel">The kernel's own.</param>
/// <param name="KernelTcp">Buffers of TCP.</param>
/// <param name="Cache">Of files.</param>
/// <param name="Raw">memory.stat.</param>
public sealed record MemoryUsage(MemoryCounter Total, MemoryCounter Swap, MemoryCounter Kernel, MemoryCounter KernelTcp, ulong Cache, IReadOnlyDictionary<string, ulong> Raw)
{
    /// <summary>What would be missed: without file pages that nobody has used for a while, as Docker and podman show it.</summary>
    public ulong WorkingSet
    {
        get
        {
            ulong inactive = Raw.TryGetValue("total_inactive_file", out ulong v1) ? v1 : Raw.GetValueOrDefault("inactive_file");
            return inactive < Total.Usage ? Total.Usage - inactive : 0;
        }
    }
}

/// <summary>A count of a block device.</summary>
/// <param name="Table">runc's name of the table: <c>ioServiceBytesRecursive</c>.</param>
/// <param name="Major">The device.</param>
/// <param name="Minor">The device.</param>
/// <param name="Operation"><c>Read</c>, <c>Write</c>...</param>
/// <param name="Value">How much.</param>
public readonly record struct BlockIOUsage(string Table, ulong Major, ulong Minor, string Operation, ulong Value);
