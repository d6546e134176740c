using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>waitid(2) with P_PIDFD (Linux 5.4): waits until the process has ended and reaps it.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public static SysResult WaitidPidfd(SafeFd pidfd)
    {
        byte* info = stackalloc byte[128];
        // SAFETY: siginfo_t has 128 bytes. 3 = P_PIDFD, 4 = WEXITED.
        SysResult result = Retry(Syscall.waitid, 3, pidfd.Number, (nint)info, 4);
        GC.KeepAlive(pidfd);
        return result.Ok ? new SysResult(ExitCode(*(int*)(info + 8), *(int*)(info + 24)), Errno.None) : result;
    }

    /// <summary>waitid(2) with P_PID: waits until the child has ended and reaps it.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public static SysResult WaitidPid(int pid)
    {
        byte* info = stackalloc byte[128];
        // SAFETY: siginfo_t has 128 bytes. 1 = P_PID, 4 = WEXITED.
        SysResult result = Retry(Syscall.waitid, 1, pid, (nint)info, 4);
        return result.Ok ? new SysResult(ExitCode(*(int*)(info + 8), *(int*)(info + 24)), Errno.None) : result;
    }

    /// <summary>waitid(2) with P_PIDFD: waits until the process has ended, and reaps it, or is stopped.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="stopped">Whether it is stopped, and has not ended.</param>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended or stopped it.</returns>
    public static SysResult WaitidPidfdOrStop(SafeFd pidfd, out bool stopped)
    {
        byte* info = stackalloc byte[128];
        // SAFETY: siginfo_t has 128 bytes. 3 = P_PIDFD, 4 = WEXITED, 2 = WSTOPPED; si_code 5 = CLD_STOPPED.
        SysResult result = Retry(Syscall.waitid, 3, pidfd.Number, (nint)info, 4 | 2);
        GC.KeepAlive(pidfd);
        stopped = result.Ok && *(int*)(info + 8) == 5;
        return result.Ok ? new SysResult(ExitCode(*(int*)(info + 8), *(int*)(info + 24)), Errno.None) : result;
    }

    // si_code 1 = CLD_EXITED; otherwise si_status is a signal's number.
    private static int ExitCode(int code, int status) => code == 1 ? status : 128 + status;
}
