using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Controllers cpu and cpuset (kernel documentation, cgroup-v2.rst and cgroup-v1/cpusets.rst, sched-bwc.rst).</summary>
internal static class CpuWrites
{
    private const ulong DefaultPeriod = 100_000; // microseconds; the kernel's own

    internal static void Add(CpuResources? cpu, CgroupWriteList list)
    {
        if (cpu is null)
        {
            return;
        }

        // Processors before time: realtime bandwidth is checked against them.
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            list.Add(new CgroupWrite("cpuset", "cpuset.cpus", cpu.Cpus, $"{CgroupWriteList.At}.cpu.cpus"));
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            list.Add(new CgroupWrite("cpuset", "cpuset.mems", cpu.Mems, $"{CgroupWriteList.At}.cpu.mems"));
        }

        if (cpu.Idle is { } idle)
        {
            list.Add("cpu", "cpu.idle", idle, "cpu.idle");
        }

        if (list.Unified)
        {
            V2(cpu, list);
        }
        else
        {
            V1(cpu, list);
        }
    }

    /// <summary>Version 1's shares (2 to 262144, 1024 for one part) as version 2's weight (1 to 10000): linear, as runc converts.</summary>
    internal static ulong Weight(ulong shares) => shares == 0 ? 0 : 1 + ((Math.Clamp(shares, 2, 262_144) - 2) * 9999 / 262_142);

    private static void V1(CpuResources cpu, CgroupWriteList list)
    {
        const string At = $"{CgroupWriteList.At}.cpu";
        if (cpu.Shares is { } shares && shares != 0)
        {
            list.Add(new CgroupWrite("cpu", "cpu.shares", CgroupWriteList.Number(shares), $"{At}.shares"));
        }

        if (cpu.Period is { } period && period != 0)
        {
            // A period below the present one raises the share of the present quota, perhaps above the parent's: then after the quota.
            list.Add(new CgroupWrite("cpu", "cpu.cfs_period_us", CgroupWriteList.Number(period), $"{At}.period") { AgainIfInvalid = cpu.Quota is not null and not 0 });
        }

        if (cpu.Burst is { } burst)
        {
            // At most the quota, the old one or the new one.
            list.Add(new CgroupWrite("cpu", "cpu.cfs_burst_us", CgroupWriteList.Number(burst), $"{At}.burst") { AgainIfInvalid = cpu.Quota is not null and not 0 });
        }

        if (cpu.Quota is { } quota && quota != 0)
        {
            list.Add("cpu", "cpu.cfs_quota_us", quota, "cpu.quota");
        }

        if (cpu.RealtimePeriod is { } realtimePeriod && realtimePeriod != 0)
        {
            list.Add(new CgroupWrite("cpu", "cpu.rt_period_us", CgroupWriteList.Number(realtimePeriod), $"{At}.realtimePeriod") { AgainIfInvalid = cpu.RealtimeRuntime is not null and not 0 });
        }

        if (cpu.RealtimeRuntime is { } realtimeRuntime && realtimeRuntime != 0)
        {
            list.Add("cpu", "cpu.rt_runtime_us", realtimeRuntime, "cpu.realtimeRuntime");
        }
    }

    private static void V2(CpuResources cpu, CgroupWriteList list)
    {
        const string At = $"{CgroupWriteList.At}.cpu";
        if (cpu.Shares is { } shares && shares != 0)
        {
            list.Add(new CgroupWrite("cpu", "cpu.weight", CgroupWriteList.Number(Weight(shares)), $"{At}.shares"));
        }

        if (cpu.Burst is { } burst)
        {
            list.Add(new CgroupWrite("cpu", "cpu.max.burst", CgroupWriteList.Number(burst), $"{At}.burst") { AgainIfInvalid = cpu.Quota is not null and not 0 });
        }

        if (cpu.Quota is not null and not 0 || cpu.Period is not null and not 0)
        {
            string quota = cpu.Quota is { } limit && limit > 0 ? CgroupWriteList.Number(limit) : "max";
            ulong period = cpu.Period is null or 0 ? DefaultPeriod : cpu.Period.Value;
            list.Add(new CgroupWrite("cpu", "cpu.max", $"{quota} {CgroupWriteList.Number(period)}", cpu.Quota is null or 0 ? $"{At}.period" : $"{At}.quota"));
        }

        if (cpu.RealtimePeriod is not null and not 0)
        {
            list.OnlyInOtherVersion("cpu.realtimePeriod", "the realtime period");
        }

        if (cpu.RealtimeRuntime is not null and not 0)
        {
            list.OnlyInOtherVersion("cpu.realtimeRuntime", "the realtime runtime");
        }
    }
}
