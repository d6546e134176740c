using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>ftruncate(2).</summary>
    /// <param name="fd">The file, open for writing.</param>
    /// <param name="length">Its new length in bytes; what is new reads as zeros and takes no space.</param>
    public static SysResult Ftruncate(SafeFd fd, long length)
    {
        SysResult result = Retry(Syscall.ftruncate, Dirfd(fd), (nint)length);
        GC.KeepAlive(fd);
        return result;
    }
}
