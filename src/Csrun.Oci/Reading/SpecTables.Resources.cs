namespace Csrun.Oci;

/// <content>config-linux.md, "Control groups".</content>
internal static partial class SpecTables
{
    private static Resources Resources(SpecCodec c, Resources v) => new()
    {
        Devices = c.List("devices", v.Devices, DeviceCgroupRule),
        Memory = c.ObjectOrNull("memory", v.Memory, MemoryResources),
        Cpu = c.ObjectOrNull("cpu", v.Cpu, CpuResources),
        Pids = c.ObjectOrNull("pids", v.Pids, PidsResources),
        BlockIO = c.ObjectOrNull("blockIO", v.BlockIO, BlockIOResources),
        HugepageLimits = c.List("hugepageLimits", v.HugepageLimits, HugepageLimit),
        Network = c.ObjectOrNull("network", v.Network, NetworkResources),
        Rdma = c.Map("rdma", v.Rdma, RdmaLimit),
        Unified = c.TextMap("unified", v.Unified),
    };

    private static DeviceCgroupRule DeviceCgroupRule(SpecCodec c, DeviceCgroupRule v) => new()
    {
        Allow = c.Flag("allow", v.Allow, must: true),
        Type = c.TextOrNull("type", v.Type),
        Major = c.LongOrNull("major", v.Major),
        Minor = c.LongOrNull("minor", v.Minor),
        Access = c.TextOrNull("access", v.Access),
    };

    private static MemoryResources MemoryResources(SpecCodec c, MemoryResources v) => new()
    {
        Limit = c.LongOrNull("limit", v.Limit),
        Reservation = c.LongOrNull("reservation", v.Reservation),
        Swap = c.LongOrNull("swap", v.Swap),
        Kernel = c.LongOrNull("kernel", v.Kernel),
        KernelTcp = c.LongOrNull("kernelTCP", v.KernelTcp),
        Swappiness = c.ULongOrNull("swappiness", v.Swappiness),
        DisableOomKiller = c.FlagOrNull("disableOOMKiller", v.DisableOomKiller),
        UseHierarchy = c.FlagOrNull("useHierarchy", v.UseHierarchy),
        CheckBeforeUpdate = c.FlagOrNull("checkBeforeUpdate", v.CheckBeforeUpdate),
    };

    private static CpuResources CpuResources(SpecCodec c, CpuResources v) => new()
    {
        Shares = c.ULongOrNull("shares", v.Shares),
        Quota = c.LongOrNull("quota", v.Quota),
        Burst = c.ULongOrNull("burst", v.Burst),
        Period = c.ULongOrNull("period", v.Period),
        RealtimeRuntime = c.LongOrNull("realtimeRuntime", v.RealtimeRuntime),
        RealtimePeriod = c.ULongOrNull("realtimePeriod", v.RealtimePeriod),
        Cpus = c.TextOrNull("cpus", v.Cpus),
        Mems = c.TextOrNull("mems", v.Mems),
        Idle = c.LongOrNull("idle", v.Idle),
    };

    private static PidsResources PidsResources(SpecCodec c, PidsResources v) => new() { Limit = c.LongOrNull("limit", v.Limit) };

    private static BlockIOResources BlockIOResources(SpecCodec c, BlockIOResources v) => new()
    {
        Weight = c.UShortOrNull("weight", v.Weight),
        LeafWeight = c.UShortOrNull("leafWeight", v.LeafWeight),
        WeightDevice = c.List("weightDevice", v.WeightDevice, BlockIOWeightDevice),
        ThrottleReadBpsDevice = c.List("throttleReadBpsDevice", v.ThrottleReadBpsDevice, BlockIOThrottleDevice),
        ThrottleWriteBpsDevice = c.List("throttleWriteBpsDevice", v.ThrottleWriteBpsDevice, BlockIOThrottleDevice),
        ThrottleReadIopsDevice = c.List("throttleReadIOPSDevice", v.ThrottleReadIopsDevice, BlockIOThrottleDevice),
        ThrottleWriteIopsDevice = c.List("throttleWriteIOPSDevice", v.ThrottleWriteIopsDevice, BlockIOThrottleDevice),
    };

    private static BlockIOWeightDevice BlockIOWeightDevice(SpecCodec c, BlockIOWeightDevice v) => new()
    {
        Major = c.Long("major", v.Major),
        Minor = c.Long("minor", v.Minor),
        Weight = c.UShortOrNull("weight", v.Weight),
        LeafWeight = c.UShortOrNull("leafWeight", v.LeafWeight),
    };

    private static BlockIOThrottleDevice BlockIOThrottleDevice(SpecCodec c, BlockIOThrottleDevice v) => new()
    {
        Major = c.Long("major", v.Major),
        Minor = c.Long("minor", v.Minor),
        Rate = c.ULong("rate", v.Rate),
    };

    private static HugepageLimit HugepageLimit(SpecCodec c, HugepageLimit v) => new()
    {
        PageSize = c.Text("pageSize", v.PageSize),
        Limit = c.ULong("limit", v.Limit),
    };

    private static NetworkResources NetworkResources(SpecCodec c, NetworkResources v) => new()
    {
        ClassID = c.UIntOrNull("classID", v.ClassID),
        Priorities = c.List("priorities", v.Priorities, InterfacePriority),
    };

    private static InterfacePriority InterfacePriority(SpecCodec c, InterfacePriority v) => new()
    {
        Name = c.Text("name", v.Name),
        Priority = c.UInt("priority", v.Priority),
    };

    private static RdmaLimit RdmaLimit(SpecCodec c, RdmaLimit v) => new()
    {
        HcaHandles = c.UIntOrNull("hcaHandles", v.HcaHandles),
        HcaObjects = c.UIntOrNull("hcaObjects", v.HcaObjects),
    };
}
