using System.Runtime.InteropServices;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Child;

/// <summary>The system call numbers that the interpreter itself needs, read before clone3 so that it touches no static after it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterpreterCalls
{
    public long clone3, clone, exit_group, sendmsg, read, write, close_range, prctl, rt_sigtimedwait, wait4, kill, execve, lseek, dup3, ppoll, rt_sigprocmask, close, seccomp;

    /// <summary>The errno that stands for "csrun has gone".</summary>
    public int peerGone;

    internal static InterpreterCalls ForThisMachine() => new()
    {
        clone3 = Syscall.clone3.Number,
        clone = Syscall.clone.Number,
        exit_group = Syscall.exit_group.Number,
        sendmsg = Syscall.sendmsg.Number,
        read = Syscall.read.Number,
        write = Syscall.write.Number,
        close_range = Syscall.close_range.Number,
        prctl = Syscall.prctl.Number,
        rt_sigtimedwait = Syscall.rt_sigtimedwait.Number,
        wait4 = Syscall.wait4.Number,
        kill = Syscall.kill.Number,
        execve = Syscall.execve.Number,
        lseek = Syscall.lseek.Number,
        dup3 = Syscall.dup3.Number,
        ppoll = Syscall.ppoll.Number,
        rt_sigprocmask = Syscall.rt_sigprocmask.Number,
        close = Syscall.close.Number,
        seccomp = Syscall.seccomp.Number,
        peerGone = (int)Errno.ECANCELED,
    };
}
