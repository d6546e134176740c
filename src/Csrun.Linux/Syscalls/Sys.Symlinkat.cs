using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>symlinkat(2): makes a symbolic link that holds <paramref name="target"/> as it is.</summary>
    /// <param name="target">What the link holds, with its terminating zero; never looked at.</param>
    /// <param name="newdirfd">The directory to start from, or null for the current one.</param>
    /// <param name="linkpath">The new name, with its terminating zero.</param>
    public static SysResult Symlinkat(ReadOnlySpan<byte> target, SafeFd? newdirfd, ReadOnlySpan<byte> linkpath)
    {
        Zero(target);
        Zero(linkpath);
        // SAFETY: both are pinned for the call and end with a zero.
        fixed (byte* t = target, l = linkpath)
        {
            SysResult result = Retry(Syscall.symlinkat, (nint)t, Dirfd(newdirfd), (nint)l);
            GC.KeepAlive(newdirfd);
            return result;
        }
    }
}
