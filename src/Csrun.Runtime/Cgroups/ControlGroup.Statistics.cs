using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Cgroups;

public sealed partial class ControlGroup
{
    private const ulong TickNanoseconds = 10_000_000; // USER_HZ is 100 on every architecture that csrun runs on

    private static readonly string[] s_cpuset =
    [
        "cpus", "cpu_exclusive", "mems", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page", "memory_spread_slab",
        "memory_pressure", "sched_load_balance", "sched_relax_domain_level",
    ];

    /// <summary>What the group has used.</summary>
    public CgroupStatistics Statistics() => new()
    {
        Cpu = Cpu(),
        Cpuset = Find("cpuset") is { Group.IsV2: false } cpuset ? [.. s_cpuset.Select(n => (n, CgroupFiles.Read(cpuset.Fd, $"cpuset.{n}") ?? ""))] : [],
        Memory = Memory(),
        Pids = Find("pids") is { } pids ? CgroupFiles.Number(pids.Fd, "pids.current") : null,
        PidsLimit = Find("pids") is { } limited ? CgroupFiles.Number(limited.Fd, "pids.max") ?? ulong.MaxValue : ulong.MaxValue,
        BlockIO = BlockIO(),
        HugePages = HugePages(),
        OomKills = OomKills(),
    };

    /// <summary>How many processes the kernel has killed in the group for want of memory.</summary>
    public ulong OomKills() => Find("memory") is not { } memory ? 0
        : CgroupFiles.Table(memory.Fd, memory.Group.IsV2 ? "memory.events" : "memory.oom_control").GetValueOrDefault("oom_kill");

    /// <summary>How often the group was at its memory limit when it wanted more.</summary>
    public ulong MemoryRefusals() => Find("memory") is not { } memory ? 0
        : memory.Group.IsV2 ? CgroupFiles.Table(memory.Fd, "memory.events").GetValueOrDefault("max")
        : CgroupFiles.Number(memory.Fd, "memory.failcnt") ?? 0;

    /// <summary>The file that holds the memory limit, and the limit in bytes.</summary>
    public (string File, ulong? Bytes) MemoryLimit()
    {
        CgroupDirectory? memory = Find("memory");
        string name = memory is { Group.IsV2: true } ? "memory.max" : "memory.limit_in_bytes";
        return ($"{memory?.Group.Directory}/{name}", memory is null ? null : CgroupFiles.Number(memory.Fd, name));
    }

    private CpuUsage? Cpu()
    {
        CgroupDirectory? v2 = _directories.Find(d => d.Group.IsV2 && _directories.Count == 1);
        if (v2 is not null)
        {
            // cpu.stat is there without the controller, too.
            IReadOnlyDictionary<string, ulong> stat = CgroupFiles.Table(v2.Fd, "cpu.stat");
            return stat.Count == 0 ? null : new CpuUsage(stat.GetValueOrDefault("usage_usec") * 1000, stat.GetValueOrDefault("user_usec") * 1000, stat.GetValueOrDefault("system_usec") * 1000)
            {
                Periods = stat.GetValueOrDefault("nr_periods"),
                ThrottledPeriods = stat.GetValueOrDefault("nr_throttled"),
                ThrottledTime = stat.GetValueOrDefault("throttled_usec") * 1000,
            };
        }

        if (Find("cpuacct") is not { } counted)
        {
            return null;
        }

        IReadOnlyDictionary<string, ulong> modes = CgroupFiles.Table(counted.Fd, "cpuacct.stat");
        IReadOnlyDictionary<string, ulong> throttling = Find("cpu") is { } cpu ? CgroupFiles.Table(cpu.Fd, "cpu.stat") : new Dictionary<string, ulong>();
        return new CpuUsage(CgroupFiles.Number(counted.Fd, "cpuacct.usage") ?? 0, modes.GetValueOrDefault("user") * TickNanoseconds, modes.GetValueOrDefault("system") * TickNanoseconds)
        {
            PerCpu = PerCpu(counted.Fd),
            Periods = throttling.GetValueOrDefault("nr_periods"),
            ThrottledPeriods = throttling.GetValueOrDefault("nr_throttled"),
            ThrottledTime = throttling.GetValueOrDefault("throttled_time"),
        };
    }

    private static ImmutableArray<(ulong, ulong, ulong)> PerCpu(SafeFd cpuacct)
    {
        ulong[] totals = Numbers((CgroupFiles.Read(cpuacct, "cpuacct.usage_percpu") ?? "").Split(' '));
        ImmutableArray<(ulong, ulong, ulong)>.Builder all = ImmutableArray.CreateBuilder<(ulong, ulong, ulong)>();
        // cpuacct.usage_all: "cpu user system", then a line for each processor that is there.
        Dictionary<ulong, (ulong User, ulong Kernel)> modes = [];
        foreach (string line in (CgroupFiles.Read(cpuacct, "cpuacct.usage_all") ?? "").Split('\n').Skip(1))
        {
            if (Numbers(line.Split(' ')) is [var number, var user, var kernel])
            {
                modes[number] = (user, kernel);
            }
        }

        for (int i = 0; i < totals.Length; i++)
        {
            (ulong user, ulong kernel) = modes.GetValueOrDefault((ulong)i);
            all.Add((totals[i], user, kernel));
        }

        return all.ToImmutable();
    }

    private MemoryUsage? Memory()
    {
        if (Find("memory") is not { } memory)
        {
            return null;
        }

        IReadOnlyDictionary<string, ulong> raw = CgroupFiles.Table(memory.Fd, "memory.stat");
        if (!memory.Group.IsV2)
        {
            return new MemoryUsage(
                V1(memory.Fd, "memory"), V1(memory.Fd, "memory.memsw"), V1(memory.Fd, "memory.kmem"), V1(memory.Fd, "memory.kmem.tcp"), raw.GetValueOrDefault("total_cache"), raw);
        }

        MemoryCounter total = V2(memory.Fd, "memory");
        MemoryCounter swap = V2(memory.Fd, "memory.swap");
        // As version 1 counts: together with memory.
        MemoryCounter both = new(total.Usage + swap.Usage, 0, total.Limit == ulong.MaxValue || swap.Limit == ulong.MaxValue ? ulong.MaxValue : total.Limit + swap.Limit, 0);
        return new MemoryUsage(total, both, new MemoryCounter(raw.GetValueOrDefault("kernel"), 0, ulong.MaxValue, 0), new MemoryCounter(raw.GetValueOrDefault("sock"), 0, ulong.MaxValue, 0), raw.GetValueOrDefault("file"), raw);
    }

    private static MemoryCounter V1(SafeFd group, string prefix) => new(
        CgroupFiles.Number(group, $"{prefix}.usage_in_bytes") ?? 0,
        CgroupFiles.Number(group, $"{prefix}.max_usage_in_bytes") ?? 0,
        CgroupFiles.Number(group, $"{prefix}.limit_in_bytes") ?? 0,
        CgroupFiles.Number(group, $"{prefix}.failcnt") ?? 0);

    private static MemoryCounter V2(SafeFd group, string prefix) => new(
        CgroupFiles.Number(group, $"{prefix}.current") ?? 0,
        CgroupFiles.Number(group, $"{prefix}.peak") ?? 0, // Linux 5.19
        CgroupFiles.Number(group, $"{prefix}.max") ?? ulong.MaxValue,
        CgroupFiles.Table(group, $"{prefix}.events").GetValueOrDefault("max"));

    private ImmutableArray<BlockIOUsage> BlockIO()
    {
        ImmutableArray<BlockIOUsage>.Builder all = ImmutableArray.CreateBuilder<BlockIOUsage>();
        if (Find("io") is { } io)
        {
            foreach (string[] words in Lines(io.Fd, "io.stat"))
            {
                foreach (string word in words.Skip(1))
                {
                    (string Table, string Operation)? known = word.Split('=')[0] switch
                    {
                        "rbytes" => ("ioServiceBytesRecursive", "Read"),
                        "wbytes" => ("ioServiceBytesRecursive", "Write"),
                        "rios" => ("ioServicedRecursive", "Read"),
                        "wios" => ("ioServicedRecursive", "Write"),
                        _ => null,
                    };
                    if (known is { } entry)
                    {
                        Add(all, entry.Table, words[0], entry.Operation, word.Split('=')[^1]);
                    }
                }
            }

            return all.ToImmutable();
        }

        if (Find("blkio") is { } blkio)
        {
            foreach ((string table, string name) in (ReadOnlySpan<(string, string)>)[("ioServiceBytesRecursive", "io_service_bytes"), ("ioServicedRecursive", "io_serviced")])
            {
                // The scheduler's own count where there is one; the layer of limits counts always.
                List<string[]> lines = [.. Lines(blkio.Fd, $"blkio.bfq.{name}_recursive").Where(w => w.Length == 3)];
                foreach (string[] words in lines.Count != 0 ? lines : Lines(blkio.Fd, $"blkio.throttle.{name}_recursive"))
                {
                    if (words.Length == 3)
                    {
                        Add(all, table, words[0], words[1], words[2]);
                    }
                }
            }
        }

        return all.ToImmutable();
    }

    private static void Add(ImmutableArray<BlockIOUsage>.Builder all, string table, string device, string operation, string value)
    {
        if (Numbers(device.Split(':')) is [var major, var minor] && Numbers([value]) is [var number])
        {
            all.Add(new BlockIOUsage(table, major, minor, operation, number));
        }
    }

    private ImmutableArray<(string, MemoryCounter)> HugePages()
    {
        ImmutableArray<(string, MemoryCounter)>.Builder all = ImmutableArray.CreateBuilder<(string, MemoryCounter)>();
        if (Find("hugetlb") is { } hugetlb)
        {
            string end = hugetlb.Group.IsV2 ? ".current" : ".usage_in_bytes";
            foreach (string name in DirectoryNames.Of(hugetlb.Fd))
            {
                if (name.StartsWith("hugetlb.", StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal) && !name.Contains(".rsvd.", StringComparison.Ordinal))
                {
                    string prefix = name[..^end.Length];
                    all.Add((prefix["hugetlb.".Length..], hugetlb.Group.IsV2 ? V2(hugetlb.Fd, prefix) : V1(hugetlb.Fd, prefix)));
                }
            }
        }

        return all.ToImmutable();
    }

    private static IEnumerable<string[]> Lines(SafeFd group, string file) =>
        (CgroupFiles.Read(group, file) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ulong[] Numbers(string[] words)
    {
        List<ulong> numbers = [];
        foreach (string word in words)
        {
            if (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }
}
