using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>getdents64(2): the next entries of a directory, as struct linux_dirent64.</summary>
    /// <returns>How many bytes of <paramref name="dirp"/> are filled; 0 at the end.</returns>
    public static SysResult Getdents64(SafeFd fd, Span<byte> dirp)
    {
        // SAFETY: pinned for the call, and no longer than the span.
        fixed (byte* p = dirp)
        {
            SysResult result = Retry(Syscall.getdents64, Dirfd(fd), (nint)p, dirp.Length);
            GC.KeepAlive(fd);
            return result;
        }
    }
}
