using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>readlinkat(2).</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The link, with its terminating zero.</param>
    /// <param name="buf">Takes the target, without a zero; a target of this length may have been cut.</param>
    public static SysResult Readlinkat(SafeFd? dirfd, ReadOnlySpan<byte> path, Span<byte> buf)
    {
        Zero(path);
        // SAFETY: both are pinned for the call; the path ends with a zero, the buffer is passed with its length.
        fixed (byte* p = path, b = buf)
        {
            SysResult result = Retry(Syscall.readlinkat, Dirfd(dirfd), (nint)p, (nint)b, buf.Length);
            GC.KeepAlive(dirfd);
            return result;
        }
    }
}
