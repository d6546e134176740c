using System.Runtime.CompilerServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Child;

/// <summary>The process that clone3 made.</summary>
/// <param name="Pid">Its PID in csrun's PID namespace.</param>
/// <param name="PidFd">Its pidfd: names the process for good, where a PID can be used again.</param>
public sealed record ClonedChild(int Pid, SafeFd PidFd)
{
    /// <summary>clone3(2): starts the child, which runs <paramref name="program"/>.</summary>
    /// <param name="program">The lowered plan.</param>
    /// <param name="control">The control socket; its child end is closed here afterwards.</param>
    /// <param name="controlFd">The number under which the child's program keeps that end, for the report of a failure.</param>
    /// <param name="flags">The new namespaces. CLONE_PIDFD is added.</param>
    /// <param name="cgroup">The directory of the control group, version 2, that the child begins in: CLONE_INTO_CGROUP, since Linux 5.7. Null: csrun's own.</param>
    /// <exception cref="CsrunException">Code would be compiled at run time, so that the child would enter the compiler.</exception>
    /// <exception cref="KernelException">clone3 failed.</exception>
    public static unsafe ClonedChild Start(RawProgram program, ControlSocket control, int controlFd, CloneFlags flags, SafeFd? cgroup = null)
    {
        // The child may not enter the just-in-time compiler: it would wait for threads that do not exist there.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new CsrunException("containers start from the native binary only", "this csrun is compiled at run time, and the child after clone3 cannot run the compiler", "use bin/csrun, which `make` builds");
        }

        int pidfd = -1;
        RawHeader* header = program.Header;
        header->cloneArgs.flags = (ulong)(flags | CloneFlags.CLONE_PIDFD | (cgroup is null ? 0 : CloneFlags.CLONE_INTO_CGROUP));
        header->cloneArgs.cgroup = cgroup is null ? 0 : (ulong)cgroup.Number;
        header->cloneArgs.pidfd = (ulong)&pidfd;
        header->cloneArgs.exit_signal = (ulong)Signal.SIGCHLD;
        program.PrepareFailureReport(controlFd);
        InterpreterCalls calls = InterpreterCalls.ForThisMachine();

        // Signals stay blocked in the child until its plan resets dispositions and mask: no handler of the runtime may run there.
        ulong all = ulong.MaxValue;
        ulong old = 0;
        // SAFETY: two 8-byte signal sets on this stack frame.
        Sys.Call(Syscall.rt_sigprocmask, 2, (nint)(&all), (nint)(&old), 8).OrThrow("rt_sigprocmask");
        long pid = Interpreter.CloneAndRun(header, &calls);
        Sys.Call(Syscall.rt_sigprocmask, 2, (nint)(&old), 0, 8);
        GC.KeepAlive(cgroup);
        control.Child.Dispose();
        return pid > 0
            ? new ClonedChild((int)pid, new SafeFd(pidfd))
            : throw new KernelException($"clone3({flags.ToString().Replace(", ", "|", StringComparison.Ordinal)})", null, (Errno)(-pid));
    }
}
