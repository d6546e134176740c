using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>open_tree(2) with OPEN_TREE_CLONE, since Linux 5.2: a detached copy of the mount at a path.</summary>
    public static SysResult OpenTreeClone(string path, bool recursive)
    {
        // SAFETY: the path is pinned for the call and ends with a zero.
        fixed (byte* p = CString(path))
        {
            return Retry(Syscall.open_tree, AT_FDCWD, (nint)p, (nint)(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | (recursive ? OpenTreeFlags.AT_RECURSIVE : 0)));
        }
    }

    /// <summary>mount_setattr(2), since Linux 5.12, on a mount that a descriptor names.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="recursive">Whether the mounts below change, too.</param>
    /// <param name="set">Attributes to set.</param>
    /// <param name="userns">The user namespace to map by, with MOUNT_ATTR_IDMAP.</param>
    public static SysResult MountSetattr(SafeFd mount, bool recursive, MountAttr set, SafeFd? userns)
    {
        ulong* attr = stackalloc ulong[4] { (ulong)set, 0, 0, (ulong)(userns?.Number ?? 0) };
        byte empty = 0;
        // SAFETY: struct mount_attr has 32 bytes in its first version; the empty path is one zero byte.
        SysResult result = Call(Syscall.mount_setattr, mount.Number, (nint)(&empty), (recursive ? 0x8000 : 0) | 0x1000, (nint)attr, 32);
        GC.KeepAlive(mount);
        GC.KeepAlive(userns);
        return result;
    }
}
