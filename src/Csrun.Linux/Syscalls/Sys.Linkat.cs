using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>linkat(2) without flags: a second name for a file; a symbolic link itself is linked, never its target.</summary>
    /// <param name="olddirfd">Where <paramref name="oldpath"/> starts.</param>
    /// <param name="oldpath">The file, with its terminating zero.</param>
    /// <param name="newdirfd">Where <paramref name="newpath"/> starts.</param>
    /// <param name="newpath">The new name, with its terminating zero.</param>
    public static SysResult Linkat(SafeFd? olddirfd, ReadOnlySpan<byte> oldpath, SafeFd? newdirfd, ReadOnlySpan<byte> newpath)
    {
        Zero(oldpath);
        Zero(newpath);
        // SAFETY: both are pinned for the call and end with a zero.
        fixed (byte* o = oldpath, n = newpath)
        {
            SysResult result = Retry(Syscall.linkat, Dirfd(olddirfd), (nint)o, Dirfd(newdirfd), (nint)n);
            GC.KeepAlive(olddirfd);
            GC.KeepAlive(newdirfd);
            return result;
        }
    }
}
