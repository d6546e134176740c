using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    // The shape that most *at calls share: a directory, a path, and up to three numbers.
    private static SysResult AtPath(Syscall call, SafeFd? dirfd, ReadOnlySpan<byte> path, nint a2 = 0, nint a3 = 0, nint a4 = 0)
    {
        Zero(path);
        // SAFETY: the path is pinned for the call and ends with a zero.
        fixed (byte* p = path)
        {
            SysResult result = Retry(call, Dirfd(dirfd), (nint)p, a2, a3, a4);
            GC.KeepAlive(dirfd);
            return result;
        }
    }

    private static void Zero(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[^1] != 0)
        {
            throw new ArgumentException("the path must end with a zero byte", nameof(path));
        }
    }
}
