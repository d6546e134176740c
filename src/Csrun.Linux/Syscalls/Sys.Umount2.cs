using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>umount2(2).</summary>
    /// <param name="target">The mount point.</param>
    /// <param name="flags">How.</param>
    public static SysResult Umount2(string target, UmountFlags flags)
    {
        // SAFETY: the path is pinned for the call and ends with a zero.
        fixed (byte* p = CString(target))
        {
            return Call(Syscall.umount2, (nint)p, (nint)flags);
        }
    }
}
