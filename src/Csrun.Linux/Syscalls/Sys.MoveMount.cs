using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>move_mount(2), since Linux 5.2: attaches a detached mount on the directory or file that a descriptor names.</summary>
    /// <param name="mount">The detached mount.</param>
    /// <param name="target">What it covers from then on.</param>
    public static SysResult MoveMount(SafeFd mount, SafeFd target)
    {
        byte empty = 0;
        // SAFETY: both paths are one zero byte on this frame.
        SysResult result = Call(
            Syscall.move_mount,
            mount.Number,
            (nint)(&empty),
            target.Number,
            (nint)(&empty),
            (nint)(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH));
        GC.KeepAlive(mount);
        GC.KeepAlive(target);
        return result;
    }
}
