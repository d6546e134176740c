using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Huge pages, network classes and priorities, RDMA, and files of version 2 by name.</summary>
internal static class OtherWrites
{
    internal static void Add(Resources resources, CgroupWriteList list)
    {
        HugePages(resources, list);
        Network(resources.Network, list);
        foreach ((string device, RdmaLimit limit) in resources.Rdma)
        {
            string handles = limit.HcaHandles is { } h ? $" hca_handle={h}" : "";
            string objects = limit.HcaObjects is { } o ? $" hca_object={o}" : "";
            if (handles.Length + objects.Length != 0)
            {
                list.Add(new CgroupWrite("rdma", "rdma.max", $"{device}{handles}{objects}", $"{CgroupWriteList.At}.rdma[\"{device}\"]"));
            }
        }

        foreach ((string file, string text) in resources.Unified)
        {
            if (list.Unified)
            {
                list.Add(new CgroupWrite(file[..file.IndexOf('.', StringComparison.Ordinal)], file, text, $"{CgroupWriteList.At}.unified[\"{file}\"]"));
            }
            else
            {
                list.OnlyInOtherVersion($"unified[\"{file}\"]", file);
            }
        }
    }

    private static void HugePages(Resources resources, CgroupWriteList list)
    {
        for (int i = 0; i < resources.HugepageLimits.Count; i++)
        {
            HugepageLimit limit = resources.HugepageLimits[i];
            string path = $"{CgroupWriteList.At}.hugepageLimits[{i}]";
            string end = list.Unified ? "max" : "limit_in_bytes";
            list.Add(new CgroupWrite("hugetlb", $"hugetlb.{limit.PageSize}.{end}", CgroupWriteList.Number(limit.Limit), path));
            // Reserved pages are counted apart, since Linux 5.7.
            list.Add(new CgroupWrite("hugetlb", $"hugetlb.{limit.PageSize}.rsvd.{end}", CgroupWriteList.Number(limit.Limit), path) { MayBeMissing = true });
        }
    }

    private static void Network(NetworkResources? network, CgroupWriteList list)
    {
        if (network is null)
        {
            return;
        }

        if (network.ClassID is { } id && id != 0)
        {
            if (list.Unified)
            {
                list.OnlyInOtherVersion("network.classID", "a class of network packets");
            }
            else
            {
                list.Add("net_cls", "net_cls.classid", id, "network.classID");
            }
        }

        for (int i = 0; i < network.Priorities.Count; i++)
        {
            if (list.Unified)
            {
                list.OnlyInOtherVersion($"network.priorities[{i}]", "a priority of network packets");
            }
            else
            {
                list.Add(new CgroupWrite("net_prio", "net_prio.ifpriomap", $"{network.Priorities[i].Name} {network.Priorities[i].Priority}", $"{CgroupWriteList.At}.network.priorities[{i}]"));
            }
        }
    }
}
