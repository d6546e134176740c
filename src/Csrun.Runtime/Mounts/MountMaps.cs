using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;

namespace Csrun.Runtime.Mounts;

/// <summary>The maps of ID-mapped mounts, as far as the kernel tells them: statmount(2), since Linux 6.15.</summary>
public static class MountMaps
{
    /// <summary>The map of the mount that a descriptor lies on; null where it is not mapped, or the kernel does not tell.</summary>
    public static IdMapPair? Of(SafeFd fd) =>
        Sys.StatxUniqueMountId(fd, out ulong id) is { Ok: true, Value: not 0 } && Sys.Statmount(id, 0, out MountDetails? details).Ok ? details!.Maps : null;

    /// <summary>The maps of all mapped mounts of a process's mount namespace, by the IDs that its mountinfo has; empty where the kernel does not tell.</summary>
    /// <param name="pid">The process: its PID, or <c>self</c>.</param>
    public static IReadOnlyDictionary<int, IdMapPair> OfProcess(string pid)
    {
        Dictionary<int, IdMapPair> maps = [];
        if (!TryNamespace(pid, out ulong mountNamespace) || !Sys.Listmount(mountNamespace, out ImmutableArray<ulong> ids).Ok)
        {
            return maps;
        }

        foreach (ulong id in ids)
        {
            if (Sys.Statmount(id, mountNamespace, out MountDetails? details).Ok && details!.Maps is { } pair)
            {
                maps[details.OldId] = pair;
            }
        }

        return maps;
    }

    /// <summary>The owner of a file on an ID-mapped mount as it is stored, seen through a copy of the mount that has no map; null where that cannot be made
    /// (before Linux 6.15, and without CAP_SYS_ADMIN over the file system).</summary>
    public static (OnDiskUid Uid, OnDiskGid Gid)? OwnerOnDisk(SafeFd file)
    {
        SysResult cloned = Sys.OpenTreeAttrClone(file, recursive: false, new MountChange(0, Clear: MountAttr.MOUNT_ATTR_IDMAP));
        if (!cloned.Ok)
        {
            return null;
        }

        using SafeFd plain = new(cloned.Int);
        return Sys.Statx(plain, "", out FileStat stat).Ok ? (new OnDiskUid(stat.uid), new OnDiskGid(stat.gid)) : null;
    }

    private static bool TryNamespace(string pid, out ulong id)
    {
        id = 0;
        if (pid == "self")
        {
            return true;
        }

        SysResult opened = Sys.Openat2(null, $"/proc/{pid}/ns/mnt", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return false;
        }

        using SafeFd fd = new(opened.Int);
        return Sys.NsGetMntnsId(fd, out id).Ok;
    }
}
