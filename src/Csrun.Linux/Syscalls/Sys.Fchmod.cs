using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fchmod(2). Comes after chown, which clears the set-ID bits.</summary>
    public static SysResult Fchmod(SafeFd fd, uint mode)
    {
        SysResult result = Retry(Syscall.fchmod, Dirfd(fd), (nint)mode);
        GC.KeepAlive(fd);
        return result;
    }
}
