using System.Collections.Immutable;
using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>The limits of a configuration as properties of a unit: systemd writes a unit's settings again whenever it reloads, so it has to know them.</summary>
internal static class UnitProperties
{
    private const string Infinity = "18446744073709551615";

    internal static ImmutableArray<UnitProperty> Of(Resources? resources, bool unified)
    {
        ImmutableArray<UnitProperty>.Builder list = ImmutableArray.CreateBuilder<UnitProperty>();
        if (resources?.Memory is { } memory)
        {
            Add(list, unified ? "MemoryMax" : "MemoryLimit", memory.Limit);
            if (unified)
            {
                Add(list, "MemoryLow", memory.Reservation);
                Add(list, "MemorySwapMax", memory.Swap is > 0 && memory.Limit is > 0 ? memory.Swap - memory.Limit : memory.Swap == -1 ? -1 : null, zero: true);
            }
        }

        if (resources?.Cpu is { } cpu)
        {
            if (cpu.Shares is { } shares && shares != 0)
            {
                list.Add(unified ? new UnitProperty("CPUWeight", "t", $"{CpuWrites.Weight(shares)}") : new UnitProperty("CPUShares", "t", $"{shares}"));
            }

            if (cpu.Quota is > 0)
            {
                ulong period = cpu.Period is null or 0 ? 100_000 : cpu.Period.Value;
                // systemd counts in steps of 10 ms a second; runc rounds up likewise.
                ulong perSecond = (((ulong)cpu.Quota.Value * 1_000_000 / period) + 9999) / 10_000 * 10_000;
                list.Add(new UnitProperty("CPUQuotaPerSecUSec", "t", $"{perSecond}"));
                list.Add(new UnitProperty("CPUQuotaPeriodUSec", "t", $"{period}"));
            }
        }

        if (resources?.Pids?.Limit is { } pids && pids != 0)
        {
            list.Add(new UnitProperty("TasksMax", "t", pids < 0 ? Infinity : $"{pids}"));
        }

        return list.ToImmutable();
    }

    private static void Add(ImmutableArray<UnitProperty>.Builder list, string name, long? value, bool zero = false)
    {
        if (value is { } number && (number != 0 || zero))
        {
            list.Add(new UnitProperty(name, "t", number < 0 ? Infinity : $"{number}"));
        }
    }
}
