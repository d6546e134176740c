using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>dup3(2): the descriptor under a fixed number, which execve passes on; what had the number before is closed.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="number">The number: 0 to 2 for the standard streams.</param>
    public static SysResult Dup3(SafeFd fd, int number)
    {
        SysResult result = Retry(Syscall.dup3, fd.Number, number, 0);
        GC.KeepAlive(fd);
        return result;
    }
}
