using System.Collections.Immutable;
using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>What <c>linux.resources</c> comes to: files of control groups and what is written to them, in an order the kernel takes.</summary>
/// <remarks>
/// Values and conversions are runc's (config-linux.md leaves them to the runtime), so that a host behaves the same with either.
/// 0 and null ask for nothing, because Go's encoders write 0 for unset. What the host's control groups cannot do is refused by
/// its JSON path: a container without a limit that was asked for is another container. docs/design/cgroups.md.
/// </remarks>
public static class CgroupResources
{
    /// <summary>The writes for a configuration, but for device rules (<see cref="DeviceRuleSet"/>).</summary>
    /// <param name="resources">The resources; null for none.</param>
    /// <param name="layout">The host's control groups.</param>
    /// <param name="present">What the group is set to now.</param>
    /// <param name="refused">What this host cannot do; empty when all is well.</param>
    public static ImmutableArray<CgroupWrite> Writes(Resources? resources, CgroupLayout layout, CgroupPresent present, out IReadOnlyList<ConfigMistake> refused)
    {
        CgroupWriteList list = new(layout);
        if (resources is not null)
        {
            CpuWrites.Add(resources.Cpu, list);
            MemoryWrites.Add(resources.Memory, present, list);
            if (resources.Pids?.Limit is { } pids && pids != 0)
            {
                list.Add(new CgroupWrite("pids", "pids.max", CgroupWriteList.Limit(pids), $"{CgroupWriteList.At}.pids.limit"));
            }

            BlockIOWrites.Add(resources.BlockIO, list);
            OtherWrites.Add(resources, list);
        }

        refused = list.Refused;
        return list.Writes;
    }

    /// <summary>Whether a configuration asks for anything that only a control group can do; device rules are no limit.</summary>
    public static bool AsksForLimits(Resources? resources)
    {
        if (resources is null)
        {
            return false;
        }

        // A host that can do nothing refuses or writes whatever is asked for.
        ImmutableArray<CgroupWrite> writes = Writes(resources, CgroupLayout.None, CgroupPresent.New, out IReadOnlyList<ConfigMistake> refused);
        return !writes.IsEmpty || refused.Count != 0;
    }
}
