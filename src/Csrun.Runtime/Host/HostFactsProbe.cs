using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Broker;
using Csrun.Plan.Planning;
using Csrun.Runtime.Broker;

namespace Csrun.Runtime.Host;

/// <summary>Finds out what a plan needs to know about this host.</summary>
public static class HostFactsProbe
{
    /// <summary>Probes for one configuration.</summary>
    public static HostFacts Probe(Spec spec)
    {
        SysResult window = Sys.GetWindowSize(0);
        HostFacts facts = new()
        {
            Kernel = Environment.OSVersion.Version,
            CallerUid = Sys.Geteuid(),
            CallerGid = Sys.Getegid(),
            Capabilities = Sys.CapgetEffective(),
            InitialUserNamespace = IsInitialUserNamespace(),
            LastCapability = LastCapability(),
            IgnoredSignals = Sys.IgnoredSignals(),
            Paths = Paths(spec),
            Rows = window.Ok ? (ushort)(window.Int >> 16) : (ushort)0,
            Modules = SecurityModulesProbe.For(spec),
            Columns = window.Ok ? (ushort)window.Int : (ushort)0,
        };
        return IdMapTiers.NeedMeans(spec, facts.IsPrivileged, facts.CallerUid, facts.CallerGid) ? facts with { Mapping = Means() } : facts;
    }

    /// <summary>Where this caller's broker listens: <see cref="BrokerSocket.Variable"/>, else the usual place.</summary>
    public static string BrokerPath => Environment.GetEnvironmentVariable(BrokerSocket.Variable) is { Length: > 0 } path ? path : BrokerSocket.DefaultPath;

    private static MappingMeans Means()
    {
        MappingMeans means = new() { BrokerSocket = BrokerPath, Broker = BrokerClient.Probe(BrokerPath) };
        return means.Broker == Errno.None || ProgramPath("bindfs") is not { } bindfs ? means : means with { Bindfs = bindfs, Fuse = OpenFuse() };
    }

    private static Errno OpenFuse()
    {
        SysResult opened = Sys.Openat2(null, "/dev/fuse", OpenFlags.O_RDWR);
        using SafeFd? fuse = opened.Ok ? new SafeFd(opened.Int) : null;
        return opened.Errno;
    }

    private static string? ProgramPath(string name)
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? MapTool.DefaultSearchPath).Split(':'))
        {
            string path = $"{directory}/{name}";
            if (directory is ['/', ..] && Sys.StatxFollowing(path, out FileStat stat).Ok && stat.IsRegular && (stat.mode & 0x49) != 0)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Whether every ID is mapped to itself, as in the first user namespace only (user_namespaces(7)).</summary>
    public static bool IsInitialUserNamespace()
    {
        string map = SmallFile.Read("/proc/self/uid_map") ?? "";
        ReadOnlySpan<char> rest = map;
        Span<Range> fields = stackalloc Range[4];
        int count = rest.SplitAny(fields, [' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return count == 3 && rest[fields[0]] is "0" && rest[fields[1]] is "0" && rest[fields[2]] is "4294967295";
    }

    private static int LastCapability()
    {
        // One call per capability that csrun does not know yet; /proc/sys/kernel/cap_last_cap may be masked in an outer container.
        int last = CapabilityNames.Count - 1;
        while (last > 0 && !Sys.Prctl(PrctlOption.PR_CAPBSET_READ, last).Ok)
        {
            last--;
        }

        while (last < 62 && Sys.Prctl(PrctlOption.PR_CAPBSET_READ, last + 1).Ok)
        {
            last++;
        }

        return last;
    }

    private static Dictionary<string, PathKind> Paths(Spec spec)
    {
        Dictionary<string, PathKind> paths = new(StringComparer.Ordinal);
        Add(paths, spec.Linux?.MaskedPaths ?? []);
        Add(paths, spec.Linux?.ReadonlyPaths ?? []);
        foreach (Mount mount in spec.Mounts)
        {
            if (mount.Source is ['/', ..] source)
            {
                paths[source] = Kind(source);
            }
        }

        return paths;
    }

    private static void Add(Dictionary<string, PathKind> paths, IReadOnlyList<string> list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            paths[list[i]] = Kind(list[i]);
        }
    }

    // Follows symbolic links, as a bind mount's source does.
    private static PathKind Kind(string path) =>
        !Sys.StatxFollowing(path, out FileStat stat).Ok ? PathKind.Missing : stat.IsDirectory ? PathKind.Directory : PathKind.File;
}
