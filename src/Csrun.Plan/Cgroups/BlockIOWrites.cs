using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Controllers blkio (version 1) and io (version 2).</summary>
internal static class BlockIOWrites
{
    private const string At = $"{CgroupWriteList.At}.blockIO";

    internal static void Add(BlockIOResources? blockIO, CgroupWriteList list)
    {
        if (blockIO is null)
        {
            return;
        }

        if (list.Unified)
        {
            V2(blockIO, list);
        }
        else
        {
            V1(blockIO, list);
        }

        Throttle("throttleReadBpsDevice", blockIO.ThrottleReadBpsDevice, "blkio.throttle.read_bps_device", "rbps", list);
        Throttle("throttleWriteBpsDevice", blockIO.ThrottleWriteBpsDevice, "blkio.throttle.write_bps_device", "wbps", list);
        Throttle("throttleReadIOPSDevice", blockIO.ThrottleReadIopsDevice, "blkio.throttle.read_iops_device", "riops", list);
        Throttle("throttleWriteIOPSDevice", blockIO.ThrottleWriteIopsDevice, "blkio.throttle.write_iops_device", "wiops", list);
    }

    /// <summary>A weight of blkio (10 to 1000) as one of io (1 to 10000): linear, as runc converts.</summary>
    internal static ulong Weight(ushort weight) => weight == 0 ? 0 : 1 + (((ulong)Math.Clamp((int)weight, 10, 1000) - 10) * 9999 / 990);

    private static void V1(BlockIOResources blockIO, CgroupWriteList list)
    {
        // Which of the two there is depends on the scheduler: bfq's, or cfq's of kernels before 5.0.
        if (blockIO.Weight is { } weight && weight != 0)
        {
            string text = CgroupWriteList.Number(weight);
            list.Add(new CgroupWrite("blkio", "blkio.bfq.weight", text, $"{At}.weight") { Otherwise = [new("blkio.weight", text)] });
        }

        if (blockIO.LeafWeight is { } leaf && leaf != 0)
        {
            list.Add(new CgroupWrite("blkio", "blkio.leaf_weight", CgroupWriteList.Number(leaf), $"{At}.leafWeight"));
        }

        for (int i = 0; i < blockIO.WeightDevice.Count; i++)
        {
            BlockIOWeightDevice device = blockIO.WeightDevice[i];
            if (device.Weight is { } own && own != 0)
            {
                string text = $"{device.Major}:{device.Minor} {own}";
                list.Add(new CgroupWrite("blkio", "blkio.bfq.weight_device", text, $"{At}.weightDevice[{i}].weight") { Otherwise = [new("blkio.weight_device", text)] });
            }

            if (device.LeafWeight is { } ownLeaf && ownLeaf != 0)
            {
                list.Add(new CgroupWrite("blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {ownLeaf}", $"{At}.weightDevice[{i}].leafWeight"));
            }
        }
    }

    private static void V2(BlockIOResources blockIO, CgroupWriteList list)
    {
        if (blockIO.Weight is { } weight && weight != 0)
        {
            list.Add(new CgroupWrite("io", "io.bfq.weight", CgroupWriteList.Number(weight), $"{At}.weight") { Otherwise = [new("io.weight", CgroupWriteList.Number(Weight(weight)))] });
        }

        if (blockIO.LeafWeight is not null and not 0)
        {
            list.OnlyInOtherVersion("blockIO.leafWeight", "a weight of the group's own processes");
        }

        for (int i = 0; i < blockIO.WeightDevice.Count; i++)
        {
            BlockIOWeightDevice device = blockIO.WeightDevice[i];
            if (device.Weight is { } own && own != 0)
            {
                list.Add(new CgroupWrite("io", "io.bfq.weight", $"{device.Major}:{device.Minor} {own}", $"{At}.weightDevice[{i}].weight")
                {
                    Otherwise = [new("io.weight", $"{device.Major}:{device.Minor} {Weight(own)}")],
                });
            }

            if (device.LeafWeight is not null and not 0)
            {
                list.OnlyInOtherVersion($"blockIO.weightDevice[{i}].leafWeight", "a weight of the group's own processes");
            }
        }
    }

    private static void Throttle(string property, IReadOnlyList<BlockIOThrottleDevice> devices, string file, string key, CgroupWriteList list)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            BlockIOThrottleDevice device = devices[i];
            string path = $"{At}.{property}[{i}]";
            // 0 takes a limit back; version 2 wants a word for that.
            list.Add(list.Unified
                ? new CgroupWrite("io", "io.max", $"{device.Major}:{device.Minor} {key}={(device.Rate == 0 ? "max" : CgroupWriteList.Number(device.Rate))}", path)
                : new CgroupWrite("blkio", file, $"{device.Major}:{device.Minor} {CgroupWriteList.Number(device.Rate)}", path));
        }
    }
}
