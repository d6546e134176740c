using System.Buffers.Binary;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Accounts;

/// <summary>newuidmap(1) or newgidmap(1) of this machine, and whether it has the privilege that it needs.</summary>
/// <param name="Name">The program.</param>
/// <param name="Path">Where it lies, or null where PATH has none.</param>
/// <param name="State">Whether it could do its work.</param>
/// <param name="Why">What it lacks, for a message; null when it lacks nothing.</param>
public sealed record MapTool(string Name, string? Path, MapToolState State, string? Why)
{
    /// <summary>Where programs are looked for when PATH is not set.</summary>
    public const string DefaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int CAP_SETGID = 6;
    private const int CAP_SETUID = 7;
    private const ulong ST_NOSUID = 2;

    /// <summary>Looks newuidmap(1) up.</summary>
    public static MapTool NewUidMap(string? searchPath) => Find("newuidmap", CAP_SETUID, searchPath);

    /// <summary>Looks newgidmap(1) up.</summary>
    public static MapTool NewGidMap(string? searchPath) => Find("newgidmap", CAP_SETGID, searchPath);

    private static MapTool Find(string name, int capability, string? searchPath)
    {
        foreach (string directory in (searchPath ?? DefaultSearchPath).Split(':'))
        {
            // An empty or relative entry means the current directory, which is no place to take a privileged program from.
            if (directory.Length == 0 || directory[0] != '/')
            {
                continue;
            }

            string path = $"{directory}/{name}";
            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
            if (opened.Errno == Errno.EACCES)
            {
                // Mode 4711: it can be run and not read.
                opened = Sys.Openat2(null, path, OpenFlags.O_PATH);
            }

            if (!opened.Ok)
            {
                continue;
            }

            using SafeFd fd = new(opened.Int);
            Sys.Statx(fd, "", out FileStat stat).OrThrow("statx", path);
            if (stat.IsRegular && (stat.mode & 0x49) != 0)
            {
                (MapToolState state, string? why) = Judge(fd, stat, capability);
                return new MapTool(name, path, state, why);
            }
        }

        return new MapTool(name, null, MapToolState.Missing, $"{name} is not in PATH");
    }

    private static (MapToolState State, string? Why) Judge(SafeFd fd, in FileStat stat, int capability)
    {
        const int S_ISUID = 0x800;
        bool setuid = (stat.mode & S_ISUID) != 0;
        if (!(setuid && stat.uid == 0) && !HasFileCapability(fd, capability))
        {
            return (MapToolState.NoPrivilege, setuid
                ? $"it is setuid and belongs to user {stat.uid}, not to root" : "it is neither setuid root nor has a file capability");
        }

        // The kernel then runs it and silently gives it nothing (execve(2)).
        if (Sys.Fstatfs(fd, out FileSystemStat fs).Ok && (fs.flags & ST_NOSUID) != 0)
        {
            return (MapToolState.NosuidMount, "it lies on a file system that is mounted nosuid");
        }

        return Sys.Prctl(PrctlOption.PR_GET_NO_NEW_PRIVS) is { Ok: true, Value: 1 }
            ? (MapToolState.NoNewPrivileges, "csrun runs with no_new_privs, so that no program gains privilege")
            : (MapToolState.Privileged, null);
    }

    // struct vfs_cap_data (linux/capability.h), little-endian: magic with the effective bit, then permitted and inheritable, low words first.
    private static bool HasFileCapability(SafeFd fd, int capability)
    {
        Span<byte> data = stackalloc byte[24];
        SysResult read = Sys.Fgetxattr(fd, "security.capability\0"u8, data);
        return read.Ok && read.Int >= 12
            && (BinaryPrimitives.ReadUInt32LittleEndian(data) & 1) != 0
            && (BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) & (1u << capability)) != 0;
    }
}
