using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>renameat2(2), since Linux 3.15.</summary>
    /// <param name="olddirfd">Where <paramref name="oldpath"/> starts.</param>
    /// <param name="oldpath">The old name.</param>
    /// <param name="newdirfd">Where <paramref name="newpath"/> starts.</param>
    /// <param name="newpath">The new name.</param>
    /// <param name="noReplace">RENAME_NOREPLACE: EEXIST instead of replacing.</param>
    public static SysResult Renameat2(SafeFd? olddirfd, ReadOnlySpan<byte> oldpath, SafeFd? newdirfd, ReadOnlySpan<byte> newpath, bool noReplace = false)
    {
        Zero(oldpath);
        Zero(newpath);
        // SAFETY: both are pinned for the call and end with a zero.
        fixed (byte* o = oldpath, n = newpath)
        {
            SysResult result = Retry(Syscall.renameat2, Dirfd(olddirfd), (nint)o, Dirfd(newdirfd), (nint)n, noReplace ? 1 : 0);
            GC.KeepAlive(olddirfd);
            GC.KeepAlive(newdirfd);
            return result;
        }
    }

    /// <summary>renameat2(2) with paths of text.</summary>
    public static SysResult Renameat2(SafeFd? olddirfd, string oldpath, SafeFd? newdirfd, string newpath, bool noReplace = false) =>
        Renameat2(olddirfd, CString(oldpath), newdirfd, CString(newpath), noReplace);
}
