using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>lseek(2).</summary>
    /// <param name="fd">The open file.</param>
    /// <param name="offset">In bytes.</param>
    /// <param name="whence">0 from the start, 1 from here, 2 from the end.</param>
    public static SysResult Lseek(SafeFd fd, long offset, int whence)
    {
        SysResult result = Retry(Syscall.lseek, Dirfd(fd), (nint)offset, whence);
        GC.KeepAlive(fd);
        return result;
    }
}
