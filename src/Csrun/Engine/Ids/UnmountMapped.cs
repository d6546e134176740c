using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Mounts;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap umount</c>.</summary>
internal static class UnmountMapped
{
    internal static int Run(string target, bool recursive, bool lazy)
    {
        string path;
        using (SafeFd fd = DetachedMounts.Open(target))
        {
            path = MountTable.PathOf(fd);
        }

        MountInfo mounts = MountTable.Read() ?? throw new CsrunException("/proc/self/mountinfo cannot be read", "proc is not mounted here", "mount -t proc proc /proc");

        // Of several mounts at one place the last is on top.
        MountEntry top = mounts.Entries.LastOrDefault(m => m.MountPoint == path)
            ?? throw new CsrunException($"\"{target}\" is no mount point", "nothing is mounted there", "csrun idmap show lists the ID-mapped mounts");
        if (!top.IsIdMapped)
        {
            throw new CsrunException($"the mount on \"{target}\" is not ID-mapped", $"it is a {top.Type} without a map", $"umount '{path}'");
        }

        List<MountEntry> below = [.. mounts.Below(top, path)];
        if (below.Count != 0 && !recursive && !lazy)
        {
            throw new CsrunException(
                $"the mount on \"{target}\" is busy",
                $"other mounts lie on it: {string.Join(", ", below.Take(5).Select(m => $"\"{m.MountPoint}\""))}{(below.Count > 5 ? $" and {below.Count - 5} more" : "")}",
                $"csrun idmap umount --recursive '{path}'");
        }

        if (lazy)
        {
            End(path, target, UmountFlags.MNT_DETACH, top);
            return 0;
        }

        below.Reverse();
        foreach (MountEntry mount in below)
        {
            End(mount.MountPoint, mount.MountPoint, 0, mount);
        }

        End(path, target, 0, top);
        return 0;
    }

    private static void End(string path, string named, UmountFlags flags, MountEntry mount)
    {
        SysResult ended = Sys.Umount2(path, flags | UmountFlags.UMOUNT_NOFOLLOW);
        if (ended.Ok)
        {
            return;
        }

        IReadOnlyList<string> users = ended.Errno == Errno.EBUSY ? MountUsers.Of(mount) : [];
        ended.OrThrow(
            "umount2",
            named,
            ended.Errno switch
            {
                Errno.EBUSY when users.Count != 0 => $"it is in use by {string.Join(", ", users)}",
                Errno.EBUSY => "it is in use by a process that this caller may not look at, or by another mount namespace",
                Errno.EPERM => "ending a mount takes CAP_SYS_ADMIN over the mount namespace, which this process has not",
                Errno.EINVAL => "a more privileged mount namespace locked it (mount_namespaces(7))",
                _ => null,
            },
            ended.Errno == Errno.EBUSY ? $"end them, or csrun idmap umount --lazy '{path}'" : null);
    }
}
