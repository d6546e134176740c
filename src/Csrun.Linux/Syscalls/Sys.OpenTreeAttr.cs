using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>open_tree_attr(2) with OPEN_TREE_CLONE, since Linux 6.15: a detached copy that is changed before anybody sees it, so that it
    /// may get another ID map than the mount it is copied from, or none.</summary>
    /// <param name="source">The directory or file that becomes the copy's root.</param>
    /// <param name="recursive">Whether the mounts below are copied, and changed, too.</param>
    /// <param name="change">What to change.</param>
    public static SysResult OpenTreeAttrClone(SafeFd source, bool recursive, MountChange change)
    {
        byte empty = 0;
        ulong* attr = stackalloc ulong[4] { (ulong)change.Set, (ulong)change.Clear, (ulong)change.Propagation, (ulong)(change.UserNamespace?.Number ?? 0) };
        // SAFETY: struct mount_attr has 32 bytes in its first version; the empty path is one zero byte; both on this frame.
        SysResult result = Retry(Syscall.open_tree_attr, source.Number, (nint)(&empty), (nint)CloneFlagsOf(recursive), (nint)attr, 32);
        GC.KeepAlive(source);
        GC.KeepAlive(change.UserNamespace);
        return result;
    }
}
