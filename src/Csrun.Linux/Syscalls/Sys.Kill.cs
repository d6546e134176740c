using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>kill(2).</summary>
    /// <param name="pid">A process; 0: this process's own group; below -1: the group of that number, all in this PID namespace.</param>
    /// <param name="signal">The signal.</param>
    public static SysResult Kill(int pid, Signal signal) => Call(Syscall.kill, pid, (nint)signal);

    /// <summary>getpgid(2): the process group of a process, 0 for this one's own.</summary>
    public static SysResult Getpgid(int pid) => Call(Syscall.getpgid, pid);
}
