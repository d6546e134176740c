using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>pidfd_send_signal(2), since Linux 5.1.</summary>
    public static SysResult PidfdSendSignal(SafeFd pidfd, Signal signal)
    {
        SysResult result = Call(Syscall.pidfd_send_signal, pidfd.Number, (nint)signal);
        GC.KeepAlive(pidfd);
        return result;
    }
}
