namespace Csrun.Oci;

/// <content>config-linux.md, but for control groups.</content>
internal static partial class SpecTables
{
    private static LinuxConfig Linux(SpecCodec c, LinuxConfig v) => new()
    {
        Namespaces = c.List("namespaces", v.Namespaces, Namespace),
        UidMappings = c.List("uidMappings", v.UidMappings, IdMapping),
        GidMappings = c.List("gidMappings", v.GidMappings, IdMapping),
        TimeOffsets = c.ObjectOrNull("timeOffsets", v.TimeOffsets, TimeOffsets),
        Devices = c.List("devices", v.Devices, Device),
        CgroupsPath = c.TextOrNull("cgroupsPath", v.CgroupsPath),
        Resources = c.ObjectOrNull("resources", v.Resources, Resources),
        IntelRdt = c.ObjectOrNull("intelRdt", v.IntelRdt, IntelRdt),
        MountLabel = c.TextOrNull("mountLabel", v.MountLabel),
        RootfsPropagation = c.TextOrNull("rootfsPropagation", v.RootfsPropagation),
        Seccomp = c.ObjectOrNull("seccomp", v.Seccomp, Seccomp),
        Sysctl = c.TextMap("sysctl", v.Sysctl),
        MaskedPaths = c.Texts("maskedPaths", v.MaskedPaths),
        ReadonlyPaths = c.Texts("readonlyPaths", v.ReadonlyPaths),
        Personality = c.ObjectOrNull("personality", v.Personality, Personality),
        NetDevices = c.Map("netDevices", v.NetDevices, NetDevice),
        MemoryPolicy = c.ObjectOrNull("memoryPolicy", v.MemoryPolicy, MemoryPolicy),
    };

    private static Namespace Namespace(SpecCodec c, Namespace v) => new()
    {
        Type = c.Text("type", v.Type),
        Path = c.TextOrNull("path", v.Path),
    };

    private static TimeOffsets TimeOffsets(SpecCodec c, TimeOffsets v) => new()
    {
        Monotonic = c.ObjectOrNull("monotonic", v.Monotonic, TimeOffset),
        Boottime = c.ObjectOrNull("boottime", v.Boottime, TimeOffset),
    };

    private static TimeOffset TimeOffset(SpecCodec c, TimeOffset v) => new()
    {
        Secs = c.LongOrZero("secs", v.Secs),
        Nanosecs = c.UIntOrZero("nanosecs", v.Nanosecs),
    };

    private static Device Device(SpecCodec c, Device v) => new()
    {
        Type = c.Text("type", v.Type),
        Path = c.Text("path", v.Path),
        Major = c.LongOrNull("major", v.Major),
        Minor = c.LongOrNull("minor", v.Minor),
        FileMode = c.UIntOrNull("fileMode", v.FileMode),
        Uid = c.UIntOrNull("uid", v.Uid),
        Gid = c.UIntOrNull("gid", v.Gid),
    };

    private static IntelRdt IntelRdt(SpecCodec c, IntelRdt v) => new()
    {
        ClosID = c.TextOrNull("closID", v.ClosID),
        Schemata = c.Texts("schemata", v.Schemata),
        L3CacheSchema = c.TextOrNull("l3CacheSchema", v.L3CacheSchema),
        MemBwSchema = c.TextOrNull("memBwSchema", v.MemBwSchema),
        EnableMonitoring = c.FlagOrNull("enableMonitoring", v.EnableMonitoring),
        EnableCmt = c.FlagOrNull("enableCMT", v.EnableCmt),
        EnableMbm = c.FlagOrNull("enableMBM", v.EnableMbm),
    };

    private static Seccomp Seccomp(SpecCodec c, Seccomp v) => new()
    {
        DefaultAction = c.Text("defaultAction", v.DefaultAction),
        DefaultErrnoRet = c.UIntOrNull("defaultErrnoRet", v.DefaultErrnoRet),
        Architectures = c.Texts("architectures", v.Architectures),
        Flags = c.Texts("flags", v.Flags),
        ListenerPath = c.TextOrNull("listenerPath", v.ListenerPath),
        ListenerMetadata = c.TextOrNull("listenerMetadata", v.ListenerMetadata),
        Syscalls = c.List("syscalls", v.Syscalls, SeccompSyscall),
    };

    private static SeccompSyscall SeccompSyscall(SpecCodec c, SeccompSyscall v) => new()
    {
        Names = c.Texts("names", v.Names),
        Action = c.Text("action", v.Action),
        ErrnoRet = c.UIntOrNull("errnoRet", v.ErrnoRet),
        Args = c.List("args", v.Args, SeccompArg),
    };

    private static SeccompArg SeccompArg(SpecCodec c, SeccompArg v) => new()
    {
        Index = c.UInt("index", v.Index),
        Value = c.ULong("value", v.Value),
        ValueTwo = c.ULongOrZero("valueTwo", v.ValueTwo),
        Op = c.Text("op", v.Op),
    };

    private static Personality Personality(SpecCodec c, Personality v) => new()
    {
        Domain = c.Text("domain", v.Domain),
        Flags = c.Texts("flags", v.Flags),
    };

    private static NetDevice NetDevice(SpecCodec c, NetDevice v) => new() { Name = c.TextOrNull("name", v.Name) };

    private static MemoryPolicy MemoryPolicy(SpecCodec c, MemoryPolicy v) => new()
    {
        Mode = c.Text("mode", v.Mode),
        Nodes = c.TextOrNull("nodes", v.Nodes),
        Flags = c.Texts("flags", v.Flags),
    };
}
