using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fsync(2): data and directory entry reach the disk before it returns.</summary>
    public static SysResult Fsync(SafeFd fd)
    {
        SysResult result = Retry(Syscall.fsync, Dirfd(fd));
        GC.KeepAlive(fd);
        return result;
    }
}
