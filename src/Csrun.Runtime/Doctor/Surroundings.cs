using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Plan.Broker;
using Csrun.Plan.Doctor;
using Csrun.Runtime.Broker;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Doctor;

/// <summary>What lies around csrun: mounts over /proc, an outer engine, devices, control groups, the store's place.</summary>
internal static class Surroundings
{
    private const ulong Cgroup2 = 0x63677270;

    private static readonly string[] s_engines = ["docker", "libpod", "kubepods", "containerd", "lxc"];

    /// <summary>Mount points below /proc that hide something of it. Mounts on empty directories hide nothing, and the kernel does not mind them.</summary>
    public static ImmutableArray<string> ProcCovers()
    {
        ImmutableArray<string>.Builder covers = ImmutableArray.CreateBuilder<string>();
        foreach (string line in Lines("/proc/self/mountinfo"))
        {
            // 36 35 98:0 /root /mount/point options ... (proc_pid_mountinfo(5))
            string[] fields = line.Split(' ', 6);
            if (fields.Length == 6 && fields[4].StartsWith("/proc/", StringComparison.Ordinal) && fields[4] is not ("/proc/sys/fs/binfmt_misc" or "/proc/fs/nfsd"))
            {
                covers.Add(fields[4]);
            }
        }

        return covers.ToImmutable();
    }

    /// <summary>Signs of an outer engine.</summary>
    public static ImmutableArray<string> NestingSigns()
    {
        ImmutableArray<string>.Builder signs = ImmutableArray.CreateBuilder<string>();
        foreach (string file in (ReadOnlySpan<string>)["/run/.containerenv", "/.dockerenv"])
        {
            if (Sys.StatxFollowing(file, out _).Ok)
            {
                signs.Add($"{file} exists");
            }
        }

        if (Environment.GetEnvironmentVariable("container") is { Length: > 0 } engine)
        {
            signs.Add($"the environment has container={engine}");
        }

        foreach (string line in Lines("/proc/self/cgroup"))
        {
            if (Array.Exists(s_engines, e => line.Contains($"/{e}", StringComparison.Ordinal)))
            {
                signs.Add($"/proc/self/cgroup has {line}");
                break;
            }
        }

        return signs.ToImmutable();
    }

    /// <summary>Whether csrun is in the machine's first PID and user namespaces, whose inode numbers are fixed (linux/proc_ns.h).</summary>
    public static bool InitialNamespaces() => Link("/proc/self/ns/pid") == "pid:[4026531836]" && Link("/proc/self/ns/user") == "user:[4026531837]";

    /// <summary>A device node, opened to see whether it can be.</summary>
    public static DeviceFacts Device(string path)
    {
        if (!Sys.StatxFollowing(path, out FileStat stat).Ok)
        {
            return new DeviceFacts(false, false, "");
        }

        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        if (opened.Ok)
        {
            new SafeFd(opened.Int).Dispose();
        }

        string mode = $"mode {Convert.ToString(stat.mode & 0xfff, 8)}, user {stat.uid}, group {stat.gid}";
        return new DeviceFacts(true, opened.Ok, opened.Ok ? mode : $"openat2 {opened.Errno} ({opened.Errno.Describe()}); {mode}");
    }

    /// <summary>Control groups, and whether the caller may divide its own.</summary>
    public static CgroupFacts Cgroup(uint uid)
    {
        SysResult opened = Sys.Openat2(null, "/sys/fs/cgroup", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            return new CgroupFacts(0, null, null, false);
        }

        using SafeFd root = new(opened.Int);
        if (!Sys.Fstatfs(root, out FileSystemStat fs).Ok || fs.type != Cgroup2)
        {
            return new CgroupFacts(Lines("/proc/self/cgroup").Any(l => !l.StartsWith("0:", StringComparison.Ordinal)) ? 1 : 0, null, null, false);
        }

        string path = Lines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "/";
        string directory = $"/sys/fs/cgroup{path.TrimEnd('/')}";
        bool own = Sys.StatxFollowing(directory, out FileStat stat).Ok && stat.uid == uid && uid != 0;
        return new CgroupFacts(2, path, SmallFile.Read($"{directory}/cgroup.controllers")?.Trim(), own);
    }

    /// <summary>The broker, asked how it is.</summary>
    public static BrokerFacts Broker()
    {
        string socket = Environment.GetEnvironmentVariable(BrokerSocket.Variable) is { Length: > 0 } other ? other : BrokerSocket.DefaultPath;
        Errno errno = BrokerClient.Probe(socket);
        if (errno != Errno.None)
        {
            return new BrokerFacts(socket, errno == Errno.ENOENT ? BrokerState.Absent : BrokerState.Unreachable, $"connect {errno} ({errno.Describe()})");
        }

        try
        {
            BrokerStatus status = BrokerClient.Status(socket);
            return status.Refusal is { } refusal
                ? new BrokerFacts(socket, BrokerState.Unreachable, $"it would grant nothing: {refusal}")
                : new BrokerFacts(socket, BrokerState.Running, $"version {status.Version}, runs as process {status.Pid}");
        }
        catch (CsrunException e)
        {
            return new BrokerFacts(socket, BrokerState.Unreachable, e.Why is null ? e.Message : $"{e.Message}: {e.Why}");
        }
    }

    /// <summary>The store's place.</summary>
    public static StoreFacts Store(string? path, CsrunException? refusal)
    {
        string? existing = path;
        while (existing is not null)
        {
            SysResult opened = Sys.Openat2(null, existing, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            if (opened.Ok)
            {
                using SafeFd directory = new(opened.Int);
                Sys.Fstatfs(directory, out FileSystemStat fs);
                return new StoreFacts(path!, existing, fs.type, refusal);
            }

            existing = Path.GetDirectoryName(existing);
        }

        return new StoreFacts(path ?? "", "", 0, refusal);
    }

    /// <summary>Where a program lies in PATH, or null.</summary>
    public static string? InPath(string program)
    {
        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? MapTool.DefaultSearchPath).Split(':'))
        {
            if (directory is ['/', ..] && Sys.StatxFollowing($"{directory}/{program}", out FileStat stat).Ok && stat.IsRegular && (stat.mode & 0x49) != 0)
            {
                return $"{directory}/{program}";
            }
        }

        return null;
    }

    private static string[] Lines(string path) => (SmallFile.Read(path) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Link(string path)
    {
        Span<byte> target = stackalloc byte[64];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes(path + '\0'), target);
        return read.Ok ? Encoding.UTF8.GetString(target[..read.Int]) : null;
    }
}
