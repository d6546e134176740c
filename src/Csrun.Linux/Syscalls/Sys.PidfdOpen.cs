using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>pidfd_open(2), since Linux 5.3: the descriptor names the process for good, where its number can be used again.</summary>
    /// <param name="pid">A process ID in csrun's PID namespace.</param>
    /// <returns>The descriptor, close-on-exec by itself; ESRCH when there is no such process.</returns>
    public static SysResult PidfdOpen(int pid) => Call(Syscall.pidfd_open, pid, 0);
}
