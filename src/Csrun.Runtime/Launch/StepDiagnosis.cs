using System.Globalization;
using System.Numerics;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>Why a step of the child failed, where the host has to be looked at to tell: what an operation knows of itself is its own hint.</summary>
internal static class StepDiagnosis
{
    /// <summary>The cause, or null where the host shows nothing that the operation does not say.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="op">The operation that failed.</param>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="root">The container's root, where the child had it already.</param>
    public static Hint? Explain(LaunchPlan plan, KernelOp op, Errno errno, SafeFd? root) => op switch
    {
        OpenTreeOp tree when tree.Path.StartsWith('/') => OfHost(tree.Path, errno),
        OpenOp { Dir: null, Resolve: 0 } open => OfHost(open.Path, errno),
        OpenOp { Dir: null } open when errno == Errno.ELOOP && (open.Resolve & (ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_SYMLINKS)) == ResolveFlags.RESOLVE_IN_ROOT => Links(open, root, RootOnHost(plan)),
        OpenOp { Dir: null } open when errno == Errno.ENOTDIR && (open.Resolve & ResolveFlags.RESOLVE_IN_ROOT) != 0 => new Hint(
            $"{open.Purpose ?? open.Path} is a file in the image, and what is to be mounted there is a directory", "name a file as the source, or a directory as the target"),
        MkdirInRootOp made when errno is Errno.EACCES or Errno.EPERM && RootOnHost(plan) is { } directory => new Hint(
            $"the mount point \"{made.Path}\" is missing in the root file system, and the container's root may not make it there", $"sudo mkdir -p '{directory.TrimEnd('/')}{made.Path}'"),
        MoveMountOp move when errno is Errno.ENOTDIR or Errno.EINVAL && Source(plan, move.Mount) is { } source && Sys.StatxFollowing(source, out FileStat stat).Ok => new Hint(
            $"{move.What}: the source is a {(stat.IsDirectory ? "directory and the target a file" : "file and the target a directory")} of the image", stat.IsDirectory ? "name a file as the source, or a directory as the target" : "name the directory as the source, or a file as the target"),
        UnshareOp unshare when errno is Errno.ENOSPC or Errno.EUSERS => CloneFailure.Limit(unshare.Namespaces) is var (why, fix) ? new Hint(why, fix) : null,
        RlimitOp limit when errno == Errno.EPERM => Limit(limit),
        CapsetOp set when errno == Errno.EPERM && plan.Facts is { } facts => Capabilities(set, facts),
        _ => null,
    };

    // Within a root the kernel follows no magic link (EXDEV), and no link for ever (ELOOP): openat2(2).
    private static Hint? Links(OpenOp open, SafeFd? root, string? directory)
    {
        SysResult found = root is null && directory is not null ? Sys.Openat2(null, directory, OpenFlags.O_PATH) : default;
        using SafeFd? opened = root is null && directory is not null && found.Ok ? new SafeFd(found.Int) : null;
        return (root ?? opened) is not { } top ? null : Sys.Openat2(top, open.Path, OpenFlags.O_PATH, 0, ResolveFlags.RESOLVE_IN_ROOT).Errno switch
        {
            Errno.ELOOP => new Hint($"{open.Purpose ?? open.Path} leads through symbolic links without end", "use an image without these links"),
            _ => new Hint($"{open.Purpose ?? open.Path} leads through a magic link of /proc, which could lead out of the container", "use an image without that link"),
        };
    }

    private static Hint? OfHost(string path, Errno errno) => PathDiagnosis.Explain(path, errno) is var (why, fix)
        ? new Hint(why, errno == Errno.ENOENT && why.StartsWith($"\"{path}\" does not exist", StringComparison.Ordinal) ? $"mkdir -p \"{path}\"" : fix)
        : null;

    // The host's path of a root that is a plain directory; null for one of layers, where every mount point can be made.
    private static string? RootOnHost(LaunchPlan plan) => Opens(plan).FirstOrDefault(open => open.Name == "rootfs directory").Path;

    private static string? Source(LaunchPlan plan, FdSlot mount) => Opens(plan).FirstOrDefault(open => open.Slot == mount.Index).Path;

    private static IEnumerable<(int Slot, string Name, string Path)> Opens(LaunchPlan plan)
    {
        foreach (Step step in plan.Steps)
        {
            if (step is ChildStep { Op: OpenTreeOp { Result: { } tree, Path: ['/', ..] source } })
            {
                yield return (tree.Index, tree.Name, source);
            }
            else if (step is ChildStep { Op: OpenOp { Dir: null, Resolve: 0, Result: { } slot } open })
            {
                yield return (slot.Index, slot.Name, open.Path);
            }
        }
    }

    private static Hint? Limit(RlimitOp limit)
    {
        // "Max open files            1024                 524288               files": proc_pid_limits(5)
        string? line = LimitsName(limit.Name) is { } name
            ? SmallFile.Read("/proc/self/limits")?.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
            : null;
        if (line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, var hard, ..])
        {
            return null;
        }

        string word = limit.Name["RLIMIT_".Length..].ToLowerInvariant();
        return hard != "unlimited" && ulong.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out ulong own) && limit.Hard > own
            ? new Hint($"the caller's own hard limit of {limit.Name} is {own}, and only CAP_SYS_RESOURCE in the host's user namespace raises it", $"--ulimit {word}={own}, or raise the caller's: ulimit -H -a, /etc/security/limits.conf")
            : limit.Name == "RLIMIT_NOFILE" && SmallFile.Read("/proc/sys/fs/nr_open")?.Trim() is { } most
                ? new Hint($"no process may open more than /proc/sys/fs/nr_open files, {most}", $"--ulimit nofile={most}, or sudo sysctl fs.nr_open={limit.Hard}")
                : null;
    }

    private static string? LimitsName(string name) => name switch
    {
        "RLIMIT_CPU" => "Max cpu time",
        "RLIMIT_FSIZE" => "Max file size",
        "RLIMIT_DATA" => "Max data size",
        "RLIMIT_STACK" => "Max stack size",
        "RLIMIT_CORE" => "Max core file size",
        "RLIMIT_RSS" => "Max resident set",
        "RLIMIT_NPROC" => "Max processes",
        "RLIMIT_NOFILE" => "Max open files",
        "RLIMIT_MEMLOCK" => "Max locked memory",
        "RLIMIT_AS" => "Max address space",
        "RLIMIT_LOCKS" => "Max file locks",
        "RLIMIT_SIGPENDING" => "Max pending signals",
        "RLIMIT_MSGQUEUE" => "Max msgqueue size",
        "RLIMIT_NICE" => "Max nice priority",
        "RLIMIT_RTPRIO" => "Max realtime priority",
        "RLIMIT_RTTIME" => "Max realtime timeout",
        _ => null,
    };

    private static Hint? Capabilities(CapsetOp set, HostFacts facts)
    {
        // In a new user namespace its first process has them all; in csrun's own, what csrun has.
        ulong lacking = 0;
        for (ulong rest = set.Permitted | set.Effective; rest != 0; rest &= rest - 1)
        {
            Capability capability = (Capability)BitOperations.TrailingZeroCount(rest);
            lacking |= facts.Capabilities.Contains(capability) ? 0 : rest & (~rest + 1);
        }

        return facts.IsPrivileged && lacking != 0
            ? new Hint($"csrun itself has not {StraceText.Capabilities(lacking).Replace("1<<", "", StringComparison.Ordinal).Replace("|", ", ", StringComparison.Ordinal)}, and in the host's user namespace it can only pass on what it has", "leave --cap-add away, or let csrun make a user namespace: without --userns host")
            : null;
    }
}
