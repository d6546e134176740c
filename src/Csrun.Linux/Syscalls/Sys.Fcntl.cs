using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fcntl(2) with F_GETFL: how a descriptor was opened, access mode and status flags; O_PATH among them.</summary>
    public static OpenFlags FcntlGetfl(SafeFd fd)
    {
        SysResult result = Call(Syscall.fcntl, fd.Number, 3);
        GC.KeepAlive(fd);
        return (OpenFlags)(int)result.OrThrow("fcntl(F_GETFL)");
    }

    /// <summary>fcntl(2) with F_DUPFD_CLOEXEC: the same under another number, closed by execve.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="from">The lowest number that it may get.</param>
    public static SafeFd FcntlDupfdCloexec(SafeFd fd, int from = 3)
    {
        SysResult result = Call(Syscall.fcntl, fd.Number, 1030, from);
        GC.KeepAlive(fd);
        return result.FdOrThrow("fcntl(F_DUPFD_CLOEXEC)");
    }
}
