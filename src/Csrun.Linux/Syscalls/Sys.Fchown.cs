using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fchown(2).</summary>
    /// <param name="fd">The open file.</param>
    /// <param name="owner">User ID in this process's user namespace.</param>
    /// <param name="group">Group ID in this process's user namespace.</param>
    public static SysResult Fchown(SafeFd fd, uint owner, uint group)
    {
        SysResult result = Retry(Syscall.fchown, Dirfd(fd), (nint)owner, (nint)group);
        GC.KeepAlive(fd);
        return result;
    }
}
