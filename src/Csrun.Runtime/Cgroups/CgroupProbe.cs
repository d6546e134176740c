using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Mounts;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Host;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Cgroups;

/// <summary>Looks at the host's control groups.</summary>
public static class CgroupProbe
{
    private const int Writable = 2 | 1; // W_OK and X_OK

    /// <summary>Looks at the layout, and whether a container's group can be made in each hierarchy.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="containerId">Its ID.</param>
    public static CgroupLayout Probe(Spec spec, string containerId)
    {
        CgroupLayout layout = Layout();
        string path = CgroupPlanner.PathOf(spec, containerId, layout);
        if (path.Contains(':', StringComparison.Ordinal) && !path.Contains('/', StringComparison.Ordinal))
        {
            return layout; // a unit of systemd
        }

        return layout with { Hierarchies = [.. layout.Hierarchies.Select(h => Look(h, CgroupPath.Resolve(path, h, layout.Mode)))] };
    }

    /// <summary>Looks at the layout alone.</summary>
    public static CgroupLayout Layout()
    {
        string own = SmallFile.Read("/proc/self/cgroup") ?? "";
        ImmutableArray<CgroupHierarchy>.Builder hierarchies = ImmutableArray.CreateBuilder<CgroupHierarchy>();
        HashSet<string> seen = new(StringComparer.Ordinal);
        // The last mount of a hierarchy may hide in a container of somebody's; what is mounted below /sys/fs/cgroup is meant.
        foreach (MountEntry mount in MountTable.Read()?.Entries ?? [])
        {
            if (mount.Type is "cgroup" or "cgroup2" && mount.MountPoint.StartsWith("/sys/fs/cgroup", StringComparison.Ordinal)
                && Hierarchy(mount, own) is { } hierarchy && seen.Add(hierarchy.Name))
            {
                hierarchies.Add(hierarchy);
            }
        }

        bool v1 = hierarchies.Any(h => !h.IsV2);
        bool v2 = hierarchies.Any(h => h.IsV2);
        bool privileged = Sys.Geteuid() == 0 && HostFactsProbe.IsInitialUserNamespace();
        return new CgroupLayout
        {
            Mode = (v1, v2) switch { (true, true) => CgroupMode.Hybrid, (true, false) => CgroupMode.V1, (false, true) => CgroupMode.Unified, _ => CgroupMode.None },
            Hierarchies = hierarchies.ToImmutable(),
            Systemd = Sys.Statx(null, "/run/systemd/system", out _).Ok,
            Privileged = privileged,
            UserBus = !privileged && UserBus.Exists,
        };
    }

    private static CgroupHierarchy? Hierarchy(MountEntry mount, string own)
    {
        // /proc/self/cgroup: ID:CONTROLLERS:PATH, version 2 with no controllers.
        foreach (string line in own.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(':', 3);
            bool matches = parts.Length == 3 && (mount.Type == "cgroup2"
                ? parts[1].Length == 0
                : parts[1].Length != 0 && parts[1].Split(',').All(c => mount.SuperOptions.Split(',').Contains(c)));
            if (matches)
            {
                bool v2 = parts[1].Length == 0;
                return new CgroupHierarchy
                {
                    MountPoint = mount.MountPoint,
                    Name = parts[1],
                    Controllers = v2
                        ? [.. (SmallFile.Read($"{mount.MountPoint}/cgroup.controllers") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]
                        : [.. parts[1].Split(',').Where(c => !c.StartsWith("name=", StringComparison.Ordinal))],
                    OwnPath = Below(mount.Root, parts[2]),
                };
            }
        }

        return null;
    }

    /// <summary>A path of /proc/self/cgroup from the mount's own root: an outer container may see a part of the tree only.</summary>
    private static string Below(string root, string path) =>
        root == "/" ? path
        : path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/') ? (path.Length == root.Length ? "/" : path[root.Length..])
        : "/";

    private static CgroupHierarchy Look(CgroupHierarchy hierarchy, string path)
    {
        CgroupRefusal? refusal = Refusal(hierarchy, path);
        return hierarchy with { CanMake = refusal is null, Refusal = refusal };
    }

    /// <summary>Whether the nearest directory that exists on the way to a group lets this caller make the next one; a group that exists has to be writable itself.</summary>
    private static CgroupRefusal? Refusal(CgroupHierarchy hierarchy, string path)
    {
        for (string at = path; ; at = CgroupPath.Parent(at))
        {
            string directory = hierarchy.Directory(at);
            SysResult access = Sys.Faccessat2(null, Encoding.UTF8.GetBytes(directory + "\0"), Writable);
            if (access.Ok)
            {
                return hierarchy.IsV2 ? RefusalToMove(hierarchy, path) : null;
            }

            if (access.Errno != Errno.ENOENT || at == "/")
            {
                return new CgroupRefusal(access.Errno, directory);
            }
        }
    }

    /// <summary>Version 2 lets a process move another only where it may write to cgroup.procs of the group above both (cgroups(7), "delegation").</summary>
    private static CgroupRefusal? RefusalToMove(CgroupHierarchy hierarchy, string path)
    {
        string common = path;
        while (common != "/" && hierarchy.OwnPath != common && !hierarchy.OwnPath.StartsWith(common + "/", StringComparison.Ordinal))
        {
            common = CgroupPath.Parent(common);
        }

        string file = $"{hierarchy.Directory(common)}/cgroup.procs";
        SysResult access = Sys.Faccessat2(null, Encoding.UTF8.GetBytes(file + "\0"), 2);
        return access.Ok ? null : new CgroupRefusal(access.Errno, file);
    }
}
