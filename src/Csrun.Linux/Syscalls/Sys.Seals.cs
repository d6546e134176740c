using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    private const int F_ADD_SEALS = 1033;
    private const int F_GET_SEALS = 1034;
    private const int F_SEAL_SEAL = 1;
    private const int F_SEAL_SHRINK = 2;
    private const int F_SEAL_GROW = 4;
    private const int F_SEAL_WRITE = 8;

    /// <summary>fcntl(2), F_ADD_SEALS: nobody can change the memory file any more, nor take the seals off.</summary>
    public static SysResult SealForGood(SafeFd fd)
    {
        SysResult result = Call(Syscall.fcntl, fd.Number, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
        GC.KeepAlive(fd);
        return result;
    }

    /// <summary>fcntl(2), F_GET_SEALS: whether nobody can change the file. False for one that knows no seals.</summary>
    public static bool IsSealed(SafeFd fd)
    {
        SysResult seals = Call(Syscall.fcntl, fd.Number, F_GET_SEALS);
        GC.KeepAlive(fd);
        return seals.Ok && (seals.Int & (F_SEAL_WRITE | F_SEAL_SEAL)) == (F_SEAL_WRITE | F_SEAL_SEAL);
    }
}
