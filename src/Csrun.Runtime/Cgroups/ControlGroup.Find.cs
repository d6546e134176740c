using System.Collections.Immutable;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Cgroups;

/// <content>A group that is there already, by a container's record.</content>
public sealed partial class ControlGroup
{
    /// <summary>Finds a container's group again.</summary>
    /// <returns>Null where none of it is left.</returns>
    public static ControlGroup? Open(CgroupRecord record) => Open(record, static group => group);

    /// <summary>Finds the group that a further process of a container goes into.</summary>
    /// <remarks>In version 2 a group that hands controllers down takes no processes itself (cgroups(7), "no internal processes"): a container
    /// with a systemd or an engine in it does that with its own. The process then goes where the container's first one is, as runc has it.</remarks>
    /// <param name="record">The container's group.</param>
    /// <param name="first">The container's first process, in csrun's PID namespace.</param>
    /// <returns>Null where none of it is left.</returns>
    public static ControlGroup? OpenToJoin(CgroupRecord record, int first) => Open(record, group =>
    {
        using CgroupDirectory? directory = group.IsV2 ? CgroupDirectory.Open(group) : null;
        return directory is not null && CgroupFiles.Read(directory.Fd, "cgroup.subtree_control") is { Length: > 0 } ? GroupOf(first, below: group) : group;
    });

    private static CgroupGroup GroupOf(int process, CgroupGroup below)
    {
        string path = (SmallFile.Read($"/proc/{process}/cgroup") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "";
        return path.StartsWith(below.Path + "/", StringComparison.Ordinal) ? below with { Path = path } : below;
    }

    private static ControlGroup? Open(CgroupRecord record, Func<CgroupGroup, CgroupGroup> place)
    {
        ImmutableArray<CgroupGroup> groups = [.. record.Groups.Select(place)];
        CgroupMode mode = groups.All(g => g.IsV2) ? CgroupMode.Unified : groups.Any(g => g.IsV2) ? CgroupMode.Hybrid : CgroupMode.V1;
        ControlGroup group = new(new CgroupPlan { Driver = record.Driver, Mode = mode, Groups = groups, Asked = true }, found: true) { _unit = record.Unit, _userUnit = record.UserUnit };
        foreach (CgroupGroup one in groups)
        {
            if (CgroupDirectory.Open(one) is { } directory)
            {
                group._directories.Add(directory);
            }
        }

        return group._directories.Count == 0 ? null : group;
    }
}
