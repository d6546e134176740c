using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>utimensat(2): sets access and modification time, both to the same instant.</summary>
    /// <param name="dirfd">The directory to start from; with an empty <paramref name="path"/> the file itself.</param>
    /// <param name="path">The path with its terminating zero, not followed when it is a symbolic link; empty for <paramref name="dirfd"/> itself (then not O_PATH).</param>
    /// <param name="seconds">Seconds since 1970, UTC; may be negative.</param>
    /// <param name="nanoseconds">0 to 999,999,999.</param>
    public static SysResult Utimensat(SafeFd dirfd, ReadOnlySpan<byte> path, long seconds, uint nanoseconds)
    {
        long* times = stackalloc long[4] { seconds, nanoseconds, seconds, nanoseconds };
        if (path.IsEmpty)
        {
            // SAFETY: two struct timespec of two longs each, on this frame; a null path means the descriptor itself.
            SysResult own = Retry(Syscall.utimensat, Dirfd(dirfd), 0, (nint)times);
            GC.KeepAlive(dirfd);
            return own;
        }

        Zero(path);
        // SAFETY: as above; the path is pinned for the call and ends with a zero.
        fixed (byte* p = path)
        {
            SysResult result = Retry(Syscall.utimensat, Dirfd(dirfd), (nint)p, (nint)times, AT_SYMLINK_NOFOLLOW);
            GC.KeepAlive(dirfd);
            return result;
        }
    }

    private const int AT_SYMLINK_NOFOLLOW = 0x100;
}
