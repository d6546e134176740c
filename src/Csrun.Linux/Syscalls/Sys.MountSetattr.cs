using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>mount_setattr(2), since Linux 5.12, on a mount that a descriptor names.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="recursive">Whether the mounts below change, too: all of them or none.</param>
    /// <param name="change">What to change.</param>
    public static SysResult MountSetattr(SafeFd mount, bool recursive, MountChange change)
    {
        ulong* attr = stackalloc ulong[4] { (ulong)change.Set, (ulong)change.Clear, (ulong)change.Propagation, (ulong)(change.UserNamespace?.Number ?? 0) };
        byte empty = 0;
        // SAFETY: struct mount_attr has 32 bytes in its first version; the empty path is one zero byte; both on this frame.
        SysResult result = Call(
            Syscall.mount_setattr,
            mount.Number,
            (nint)(&empty),
            (nint)(OpenTreeFlags.AT_EMPTY_PATH | (recursive ? OpenTreeFlags.AT_RECURSIVE : 0)),
            (nint)attr,
            32);
        GC.KeepAlive(mount);
        GC.KeepAlive(change.UserNamespace);
        return result;
    }
}
