using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>close(2). Never retried: the descriptor is gone even after EINTR.</summary>
    internal static SysResult Close(int fd) => Call(Syscall.close, fd);
}
