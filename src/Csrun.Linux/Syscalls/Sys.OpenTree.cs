using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>open_tree(2) with OPEN_TREE_CLONE, since Linux 5.2: a detached copy of the mount that a descriptor (O_PATH too) lies on, from there on.</summary>
    /// <param name="source">The directory or file that becomes the copy's root; of csrun's own mount namespace.</param>
    /// <param name="recursive">Whether the mounts below are copied, too.</param>
    public static SysResult OpenTreeClone(SafeFd source, bool recursive)
    {
        byte empty = 0;
        // SAFETY: the empty path is one zero byte on this frame.
        SysResult result = Retry(Syscall.open_tree, source.Number, (nint)(&empty), (nint)CloneFlagsOf(recursive));
        GC.KeepAlive(source);
        return result;
    }

    private static OpenTreeFlags CloneFlagsOf(bool recursive) =>
        OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | OpenTreeFlags.AT_EMPTY_PATH | (recursive ? OpenTreeFlags.AT_RECURSIVE : 0);
}
