using Csrun.Linux.Abi;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Tests.Cgroups;

/// <summary>Hosts to plan for.</summary>
internal static class Layouts
{
    public static CgroupLayout V1 { get; } = new()
    {
        Mode = CgroupMode.Hybrid,
        Privileged = true,
        Hierarchies =
        [
            Hierarchy("cpu,cpuacct"), Hierarchy("cpuset"), Hierarchy("memory", "/outer"), Hierarchy("devices"), Hierarchy("freezer"),
            Hierarchy("blkio"), Hierarchy("pids"), Hierarchy("hugetlb"), Hierarchy("net_cls"), Hierarchy("net_prio"), Hierarchy("rdma"),
            new CgroupHierarchy { Name = "name=systemd", MountPoint = "/sys/fs/cgroup/systemd", CanMake = true },
            new CgroupHierarchy { Name = "", MountPoint = "/sys/fs/cgroup/unified", CanMake = true },
        ],
    };

    public static CgroupLayout Unified { get; } = new()
    {
        Mode = CgroupMode.Unified,
        Privileged = true,
        Hierarchies =
        [
            new CgroupHierarchy { Name = "", MountPoint = "/sys/fs/cgroup", CanMake = true, OwnPath = "/user.slice/mine", Controllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"] },
        ],
    };

    public static CgroupLayout NotMine(CgroupLayout layout) => layout with { Privileged = false, Hierarchies = [.. layout.Hierarchies.Select(h => h with { CanMake = false, Refusal = new CgroupRefusal(Errno.EACCES, h.MountPoint) })] };

    private static CgroupHierarchy Hierarchy(string name, string own = "/") => new() { Name = name, MountPoint = $"/sys/fs/cgroup/{name}", Controllers = [.. name.Split(',')], CanMake = true, OwnPath = own };
}
