using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Planning;

/// <summary>Launch requests: a standard one, ways to change it, and a family of all combinations.</summary>
internal static class LaunchRequests
{
    /// <summary>Every host path of the requests lies below: none may show once the host's file system has gone.</summary>
    public const string HostOnly = "/host-only";

    private static readonly SeccompFilter s_filter = new(new byte[16], 0, []);

    public static HostFacts User => new()
    {
        Kernel = new Version(6, 18),
        CallerUid = 1000,
        CallerGid = 1000,
        Capabilities = default,
        InitialUserNamespace = true,
        LastCapability = 40,
        IgnoredSignals = [Signal.SIGPIPE],
        Rows = 24,
        Columns = 80,
        Mapping = new MappingMeans { BrokerSocket = $"{HostOnly}/broker.sock", Broker = Errno.None },
        Paths = new Dictionary<string, PathKind>
        {
            [$"{HostOnly}/volume"] = PathKind.Directory,
            [$"{HostOnly}/file"] = PathKind.File,
            ["/proc/acpi"] = PathKind.Directory,
            ["/proc/kcore"] = PathKind.File,
            ["/proc/keys"] = PathKind.File,
            ["/sys/firmware"] = PathKind.Directory,
            ["/proc/bus"] = PathKind.Directory,
            ["/proc/sys"] = PathKind.Directory,
        },
    };

    public static HostFacts Root => User with { CallerUid = 0, CallerGid = 0, Capabilities = CapabilitySet.All };

    /// <summary>What csrun run alpine id asks for, rootless with all subordinate IDs.</summary>
    public static LaunchRequest Default => new()
    {
        EtcFiles = [new EtcFile("/etc/hosts", "127.0.0.1\tlocalhost\n"), new EtcFile("/etc/hostname", "plan\n")],
        Spec = new Spec
        {
            OciVersion = SpecVersion.Current,
            Process = new Process
            {
                Args = ["id"],
                Env = ["PATH=/usr/bin:/bin", "HOME=/root"],
                Cwd = "/",
                User = new User { Uid = 0, Gid = 0, AdditionalGids = [0, 1, 10] },
                Capabilities = new Capabilities { Bounding = ["CAP_CHOWN", "CAP_KILL"], Effective = ["CAP_CHOWN", "CAP_KILL"], Permitted = ["CAP_CHOWN", "CAP_KILL"] },
            },
            Root = new Root { Path = $"{HostOnly}/tree" },
            Hostname = "plan",
            Mounts = DefaultSpec.Mounts,
            Linux = new LinuxConfig
            {
                Namespaces = DefaultSpec.Namespaces(ownUser: true, ownNetwork: true),
                UidMappings = [new(0, 1000, 1), new(1, 100000, 65536)],
                GidMappings = [new(0, 1000, 1), new(1, 100000, 65536)],
                MaskedPaths = DefaultSpec.MaskedPaths,
                ReadonlyPaths = DefaultSpec.ReadonlyPaths,
            },
        },
        Rootfs = new LayeredRootfs($"{HostOnly}/tree", $"{HostOnly}/container", IdMapped: false),
        Facts = User,
        MapWriter = MapWriterKind.Tool,
        SeccompFilter = s_filter,
    };

    private static (string Name, Func<LaunchRequest, LaunchRequest> Change)[] Identities =>
    [
        ("rootless", r => r),
        ("single ID", r => Maps(r, new LinuxIdMapping(0, 1000, 1)) with { DenySetgroups = true, MapWriter = MapWriterKind.Direct }),
        ("without the caller", r => Maps(r, new LinuxIdMapping(0, 100000, 65536))),
        ("nomap of root", r => Maps(r, new LinuxIdMapping(1000, 1000, 1)) with { DenySetgroups = true, MapWriter = MapWriterKind.Direct }),
        ("root", r => Maps(r, new LinuxIdMapping(0, 500000, 65536)) with { Facts = Root, MapWriter = MapWriterKind.Direct, Rootfs = Mapped(r.Rootfs) }),
        ("root of the host", r => Linux(Maps(r), l => l with { Namespaces = [.. l.Namespaces.Where(n => n.Type != "user")] }) with { Facts = Root }),
    ];

    private static (string Name, Func<LaunchRequest, LaunchRequest> Change)[] Rootfses =>
    [
        ("image", r => r),
        ("directory", r => r with { Rootfs = new DirectoryRootfs($"{HostOnly}/tree", IdMapped: false) }),
    ];

    private static (string Name, Func<LaunchRequest, LaunchRequest> Change)[] Features =>
    [
        ("plain", r => r),
        ("host network", r => Linux(r, l => l with { Namespaces = [.. l.Namespaces.Where(n => n.Type != "network")] })),
        ("no ipc, no cgroup namespace", r => Linux(r, l => l with { Namespaces = [.. l.Namespaces.Where(n => n.Type is not ("ipc" or "cgroup"))] })),
        ("terminal", r => Process(r, p => p with { Terminal = true })),
        ("terminal, init, interactive", r => Process(r, p => p with { Terminal = true }) with { Init = true, Interactive = true }),
        ("init", r => r with { Init = true }),
        ("no new privileges", r => Process(r, p => p with { NoNewPrivileges = true, User = new User { Uid = 1000, Gid = 1000, Umask = 0x3f } })),
        ("no filter", r => r with { SeccompFilter = null }),
        ("all capabilities and limits", r => Process(r, p => p with
        {
            Capabilities = new Capabilities { Bounding = CapabilitySet.All.Names(), Permitted = ["CAP_CHOWN"], Inheritable = ["CAP_CHOWN"], Ambient = ["CAP_CHOWN"] },
            Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 10, Hard = 20 }],
            OomScoreAdj = 100,
        })),
        ("read-only", r => r with { Spec = r.Spec with { Root = r.Spec.Root! with { Readonly = true } } }),
        ("volumes", r => Mounts(r,
            new Mount { Destination = "/data", Type = "bind", Source = $"{HostOnly}/volume", Options = ["rbind", "ro", "noatime"] },
            new Mount { Destination = "/data/a/file", Type = "bind", Source = $"{HostOnly}/file", Options = ["bind", "rro", "private"] },
            new Mount { Destination = "/scratch", Type = "tmpfs", Source = "tmpfs", Options = ["size=1m"] })),
        ("slave volume", r => Mounts(r, new Mount { Destination = "/data", Type = "bind", Source = $"{HostOnly}/volume", Options = ["rbind", "rslave"] })),
        ("mapped volumes", r => Mounts(r,
            new Mount { Destination = "/mapped", Type = "bind", Source = $"{HostOnly}/volume", Options = ["rbind", "idmap"], UidMappings = [new(0, 500000, 10)], GidMappings = [new(0, 500000, 10)] },
            new Mount { Destination = "/plain", Type = "bind", Source = $"{HostOnly}/volume", Options = ["rbind"] })),
        ("clocks, sysctl, personality", r => Linux(r, l => l with
        {
            Namespaces = [.. l.Namespaces, new Namespace { Type = "time" }],
            TimeOffsets = new TimeOffsets { Monotonic = new TimeOffset { Secs = 1 }, Boottime = new TimeOffset { Secs = 2, Nanosecs = 3 } },
            Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" },
            Personality = new Personality { Domain = "LINUX32" },
            RootfsPropagation = "rshared",
        })),
        ("scheduling", r => Linux(Process(r, p => p with
        {
            Scheduler = new Scheduler { Policy = "SCHED_BATCH", Nice = 5, Flags = ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM"] },
            IoPriority = new IoPriority { Class = "IOPRIO_CLASS_BE", Priority = 6 },
            ExecCpuAffinity = new CpuAffinity { Initial = "0", Final = "0-1,64" },
        }), l => l with { MemoryPolicy = new MemoryPolicy { Mode = "MPOL_BIND", Nodes = "0-1", Flags = ["MPOL_F_STATIC_NODES"] } })),
        ("labels", r => Linux(Process(r, p => p with { ApparmorProfile = "docker-default", SelinuxLabel = "system_u:system_r:container_t:s0:c1,c2" }), l => l with { MountLabel = "system_u:object_r:container_file_t:s0:c1,c2" })),
        ("masks of the image", r => Linux(r, l => l with { MaskedPaths = [.. l.MaskedPaths, "/etc/secret", "/var/hidden"], ReadonlyPaths = [.. l.ReadonlyPaths, "/usr"] })),
        ("a device, no masks", r => Linux(r, l => l with { Devices = [new Device { Path = "/dev/net/tun", Type = "c", Major = 10, Minor = 200 }], MaskedPaths = [], ReadonlyPaths = [] })),
        ("no mounts at all", r => r with { Spec = r.Spec with { Mounts = [] } }),
    ];

    /// <summary>All combinations.</summary>
    public static IEnumerable<(string Name, LaunchRequest Request)> Family()
    {
        foreach ((string identity, Func<LaunchRequest, LaunchRequest> asIdentity) in Identities)
        {
            foreach ((string rootfs, Func<LaunchRequest, LaunchRequest> onRootfs) in Rootfses)
            {
                foreach ((string feature, Func<LaunchRequest, LaunchRequest> with) in Features)
                {
                    yield return ($"{identity}, {rootfs}, {feature}", with(asIdentity(onRootfs(Default))));
                }
            }
        }
    }

    public static LaunchRequest Process(LaunchRequest request, Func<Process, Process> change) =>
        request with { Spec = request.Spec with { Process = change(request.Spec.Process!) } };

    public static LaunchRequest Linux(LaunchRequest request, Func<LinuxConfig, LinuxConfig> change) =>
        request with { Spec = request.Spec with { Linux = change(request.Spec.Linux!) } };

    public static LaunchRequest Mounts(LaunchRequest request, params Mount[] more) =>
        request with { Spec = request.Spec with { Mounts = [.. request.Spec.Mounts, .. more] } };

    private static LaunchRequest Maps(LaunchRequest request, params LinuxIdMapping[] map) =>
        Linux(request, linux => linux with { UidMappings = map, GidMappings = map });

    private static Rootfs Mapped(Rootfs rootfs) => rootfs switch
    {
        LayeredRootfs layered => layered with { IdMapped = true },
        DirectoryRootfs directory => directory with { IdMapped = true },
        _ => rootfs,
    };
}
