using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan;

namespace Csrun.Runtime.Host;

/// <summary>Which security modules are active, as engines find out: a runtime that decides otherwise than its engine fails.</summary>
public static class SecurityModulesProbe
{
    // linux/magic.h, linux/proc_ns.h, statfs(2).
    private const ulong SELINUX_MAGIC = 0xf97cff8c;
    private const ulong PROC_SUPER_MAGIC = 0x9fa0;
    private const ulong PROC_ROOT_INO = 1;
    private const ulong ST_RDONLY = 1;

    /// <summary>Looks, where a configuration asks for a profile or a label; a plain launch has nothing to look for.</summary>
    public static SecurityModules For(Spec? spec) =>
        string.IsNullOrEmpty(spec?.Process?.ApparmorProfile) && string.IsNullOrEmpty(spec?.Process?.SelinuxLabel) && string.IsNullOrEmpty(spec?.Linux?.MountLabel) ? default : Find();

    /// <summary>Looks.</summary>
    public static SecurityModules Find() => new(IsAppArmorActive(), IsSelinuxActive());

    // The parameter alone is not enough: an outer container sees it as well, and has no profiles to load.
    private static bool IsAppArmorActive() =>
        Sys.StatxFollowing("/sys/kernel/security/apparmor", out _).Ok && SmallFile.Read("/sys/module/apparmor/parameters/enabled") is ['Y', ..];

    // A read-only selinuxfs is how an outer container is told that SELinux is none of its business (libselinux, selinux(8)).
    private static bool IsSelinuxActive()
    {
        SysResult opened = Sys.Openat2(null, "/sys/fs/selinux", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        using SafeFd? fd = opened.Ok ? new SafeFd(opened.Int) : null;
        return fd is not null && Sys.Fstatfs(fd, out FileSystemStat stat).Ok && stat.type == SELINUX_MAGIC && (stat.flags & ST_RDONLY) == 0;
    }

    /// <summary>The root of this process's procfs.</summary>
    /// <exception cref="CsrunException">/proc is another file system, or a part of procfs only.</exception>
    public static SafeFd OpenProcfs()
    {
        SafeFd fd = Sys.Openat2(null, "/proc", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_NO_SYMLINKS).FdOrThrow("openat2", "/proc");
        Sys.Fstatfs(fd, out FileSystemStat stat).OrThrow("fstatfs", "/proc");
        Sys.Statx(fd, "", out FileStat root).OrThrow("statx", "/proc");
        if (stat.type == PROC_SUPER_MAGIC && root.ino == PROC_ROOT_INO)
        {
            return fd;
        }

        fd.Dispose();
        throw new CsrunException("/proc is not procfs", "a label that is written there would go nowhere, and the container would run without it", "findmnt /proc; mount -t proc proc /proc");
    }
}
