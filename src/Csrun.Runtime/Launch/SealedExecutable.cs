using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>csrun run again from a file that a container cannot write.</summary>
/// <remarks>
/// A container reaches the file of the process that starts it through /proc/PID/exe, by way of a command, an interpreter line or an
/// ELF interpreter that is /proc/self/exe, keeps a descriptor of it, and writes to it once nothing executes it any more
/// (CVE-2019-5736). That takes an ID of the container that may write the file; where there is one, csrun executes itself again:
/// <list type="bullet">
/// <item>root from a detached, read-only copy of the mount that its file lies on (open_tree(2), mount_setattr(2)): whatever is opened
/// through it fails with EROFS. The mount is in no mount namespace, and in none at all once its descriptor is closed, which execve
/// does; so nobody can make it writable, whatever capabilities the container has.</item>
/// <item>everybody else from a copy in a memfd that is sealed, memfd_create(2): an ordinary user may not copy mounts.</item>
/// </list>
/// A new program also has one thread again, which clone3 needs (docs/adr/0001).
/// </remarks>
public static class SealedExecutable
{
    private const string Self = "/proc/self/exe";
    private const string Name = "csrun";
    private const uint WritableByOthers = 0x12; // 022; with an ACL the group bits are its mask, acl(5)
    private const ulong ReadOnly = 1; // ST_RDONLY of statfs(2): the mount is, or its file system
    private const int Strings = 8 << 20; // argv and the environment together, execve(2)

    // What the new program is told: the path of the file that it is.
    private const string PathVariable = "CSRUN_EXE";

    /// <summary>Whether this process runs from a file that nobody can change.</summary>
    public static bool IsSealed
    {
        get
        {
            SysResult opened = Sys.Openat2(null, Self, OpenFlags.O_RDONLY);
            if (!opened.Ok)
            {
                return false; // may be executed, not read: a copy in memory always can be
            }

            using SafeFd fd = new(opened.Int);
            return Sys.IsSealed(fd) || (IsOnNoPath && Sys.Fstatfs(fd, out FileSystemStat stat).Ok && (stat.flags & ReadOnly) != 0);
        }
    }

    /// <summary>The path of csrun's file on the disk; also in a copy of it.</summary>
    public static string? Path => IsInMemory || IsOnNoPath ? Environment.GetEnvironmentVariable(PathVariable) : Environment.ProcessPath;

    /// <summary>Whether an ID of a container could write the file that this process runs from.</summary>
    /// <param name="maps">The container's maps; null: it has no user namespace of its own, so its root is this system's.</param>
    public static bool IsWritableBy(IdMapPair? maps) =>
        maps is null || !TryStat(out FileStat stat) || (stat.mode & WritableByOthers) != 0 || maps.Uid.ContainsHost(stat.uid);

    /// <summary>A guess at <see cref="IsWritableBy"/> before the command line is understood, so that nothing that can be read once only
    /// (a configuration from a pipe) has been read when csrun starts again, and nothing is done twice. Wrong guesses cost milliseconds or a note said twice.</summary>
    /// <param name="args">The command line.</param>
    public static bool IsProbablyWritable(ReadOnlySpan<string> args)
    {
        bool create = args.Contains("create");
        if (!(create || args.Contains("run")) || !TryStat(out FileStat stat))
        {
            return false;
        }

        if (stat.uid != 0 || (stat.mode & WritableByOthers) != 0)
        {
            return true;
        }

        // root's own file: an ordinary user's containers have no ID that it belongs to, root's private ones neither. Engines' containers
        // have no user namespace mostly.
        return Sys.Geteuid() == 0 && (create || AsksForOtherMaps(args) || !HostFactsProbe.IsInitialUserNamespace());
    }

    /// <summary>Becomes csrun on a file that nobody can write, with the same arguments, environment and descriptors; never returns.</summary>
    /// <exception cref="CsrunException">The kernel refuses it.</exception>
    public static void Replace()
    {
        using SafeFd source = Sys.Openat2(null, Self, OpenFlags.O_RDONLY).FdOrThrow("openat2", Self, "csrun executes a copy of itself where a container could write its file", "sudo chown root:root csrun; sudo chmod 0755 csrun");
        byte[] env = [.. Encoding.UTF8.GetBytes($"{PathVariable}={Path}\0"), .. Block("/proc/self/environ")];
        using SafeFd program = ReadOnlyMount(source) ?? MemoryCopy(source);
        Sys.Execveat(program, Block("/proc/self/cmdline"), env).OrThrow("execveat", Self, "csrun's copy of itself cannot be executed", Fix());
    }

    /// <summary>The file on a mount of its own that is read-only; null where that is not allowed (no CAP_SYS_ADMIN).</summary>
    private static SafeFd? ReadOnlyMount(SafeFd source)
    {
        SysResult cloned = Sys.OpenTreeClone(source, recursive: false);
        if (!cloned.Ok)
        {
            return null;
        }

        SafeFd mount = new(cloned.Int);
        if (Sys.MountSetattr(mount, recursive: false, new MountChange { Set = MountAttr.MOUNT_ATTR_RDONLY }).Ok)
        {
            return mount;
        }

        mount.Dispose();
        return null;
    }

    private static SafeFd MemoryCopy(SafeFd source)
    {
        SysResult made = Sys.MemfdCreateExecutable(Name);
        SafeFd copy = made.FdOrThrow("memfd_create(MFD_EXEC)", null, made.Errno == Errno.EACCES ? "the sysctl vm.memfd_noexec forbids programs in memory, which keep a container from writing csrun's file" : null, Fix());
        while (Sys.Sendfile(copy, source, int.MaxValue).OrThrow("sendfile", Self) > 0)
        {
        }

        Sys.SealForGood(copy).OrThrow("fcntl(F_ADD_SEALS)");
        return copy;
    }

    /// <summary>Takes back the name that a program run by descriptor loses: ps shows the descriptor's number.</summary>
    public static void RestoreName()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not null)
        {
            Sys.SetName(Name);
        }
    }

    private static bool IsInMemory => LinksTo("/memfd:"u8, exactly: false);

    /// <summary>Whether the file's mount is in no mount namespace, so that the link has no path to show.</summary>
    private static bool IsOnNoPath => LinksTo("/"u8, exactly: true);

    private static bool LinksTo(ReadOnlySpan<byte> start, bool exactly)
    {
        Span<byte> target = stackalloc byte[16];
        SysResult read = Sys.Readlinkat(null, "/proc/self/exe\0"u8, target);
        return read.Ok && target[..read.Int].StartsWith(start) && (!exactly || read.Int == start.Length);
    }

    private static bool TryStat(out FileStat stat)
    {
        stat = default;
        SysResult opened = Sys.Openat2(null, Self, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return false;
        }

        using SafeFd fd = new(opened.Int);
        return Sys.Statx(fd, "", out stat).Ok;
    }

    private static string Fix() => $"let csrun belong to root and nobody else write it: sudo install -m 0755 {Path} /usr/local/bin/csrun";

    private static bool AsksForOtherMaps(ReadOnlySpan<string> args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i];
            if (arg.StartsWith("--uidmap", StringComparison.Ordinal) || arg.StartsWith("--gidmap", StringComparison.Ordinal) || arg.StartsWith("--config", StringComparison.Ordinal)
                || (arg == "--userns" && (i + 1 == args.Length || args[i + 1] != "private"))
                || (arg.StartsWith("--userns=", StringComparison.Ordinal) && arg != "--userns=private"))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Block(string path)
    {
        using SafeFd fd = Sys.Openat2(null, path, OpenFlags.O_RDONLY).FdOrThrow("openat2", path);
        return SmallFile.ReadAll(fd, Strings) ?? throw new CsrunException($"\"{path}\" cannot be read", "csrun passes its arguments and environment on to its copy");
    }
}
