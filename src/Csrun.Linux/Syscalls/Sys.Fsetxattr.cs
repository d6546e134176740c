using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fsetxattr(2).</summary>
    /// <param name="fd">The open file or directory (not O_PATH).</param>
    /// <param name="name">Its name with the terminating zero, namespace included: <c>user.x</c>.</param>
    /// <param name="value">The bytes.</param>
    public static SysResult Fsetxattr(SafeFd fd, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Zero(name);
        // SAFETY: both are pinned for the call; the name ends with a zero, the value is passed with its length.
        fixed (byte* n = name, v = value)
        {
            SysResult result = Retry(Syscall.fsetxattr, Dirfd(fd), (nint)n, (nint)v, value.Length);
            GC.KeepAlive(fd);
            return result;
        }
    }
}
