using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>flock(2).</summary>
    /// <param name="fd">The open file or directory; the lock belongs to its open file description.</param>
    /// <param name="operation">LOCK_SH, LOCK_EX, LOCK_UN, with LOCK_NB not to wait.</param>
    public static SysResult Flock(SafeFd fd, FlockOperation operation)
    {
        SysResult result = Retry(Syscall.flock, Dirfd(fd), (nint)(int)operation);
        GC.KeepAlive(fd);
        return result;
    }
}
