using System.Runtime.InteropServices;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Launch;

namespace Csrun.Runtime.Attend;

/// <summary>Stays with a command that shares the caller's terminal and process group: the shell that started csrun sees one job.</summary>
/// <remarks>
/// What is typed (Ctrl-C, Ctrl-\, Ctrl-Z) the terminal sends to the whole foreground group, so to the command itself. csrun must
/// not send it again; but what somebody sends to csrun alone has to be passed on. SIGINT and SIGQUIT can be either: they were
/// typed when csrun's group is the foreground group.
/// </remarks>
public static class JobAttendant
{
    private static readonly Signal[] s_forwarded = [Signal.SIGHUP, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGALRM, Signal.SIGPWR];

    /// <summary>Passes signals on from here on, until the result is disposed.</summary>
    /// <param name="pidfd">The command.</param>
    public static IDisposable ForwardSignals(SafeFd pidfd)
    {
        SysResult opened = Sys.Openat2(null, "/dev/tty", OpenFlags.O_RDONLY | OpenFlags.O_NOCTTY | OpenFlags.O_NONBLOCK);
        SignalForwarding forwarding = new(opened.Ok ? new SafeFd(opened.Int) : null);
        foreach (Signal signal in s_forwarded)
        {
            forwarding.Add(signal, pidfd, unlessTyped: false);
        }

        forwarding.Add(Signal.SIGINT, pidfd, unlessTyped: true);
        forwarding.Add(Signal.SIGQUIT, pidfd, unlessTyped: true);
        return forwarding;
    }

    /// <summary>Waits until the command has ended; stops when it stops (bash's <c>suspend</c>), and continues it with itself.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public static int Attend(RunningContainer command)
    {
        while (true)
        {
            int code = (int)Sys.WaitidPidfdOrStop(command.PidFd, out bool stopped).OrThrow("waitid");
            if (!stopped)
            {
                return code;
            }

            // In csrun's own group what stopped it has stopped csrun, too. In a group of its own (a shell with job control) nobody has.
            SysResult group = Sys.Getpgid(command.Pid);
            if (group.Ok && group.Int != Sys.Getpgid(0).Int)
            {
                Sys.Kill(0, Signal.SIGSTOP);
                Sys.Kill(-group.Int, Signal.SIGCONT);
            }
        }
    }

    private sealed class SignalForwarding(SafeFd? terminal) : IDisposable
    {
        private readonly List<PosixSignalRegistration> _registrations = [];

        internal void Add(Signal signal, SafeFd pidfd, bool unlessTyped) =>
            _registrations.Add(PosixSignalRegistration.Create(Attendant.Raw(signal), context =>
            {
                context.Cancel = true;
                if (!unlessTyped || !InForeground())
                {
                    Sys.PidfdSendSignal(pidfd, signal);
                }
            }));

        public void Dispose()
        {
            _registrations.ForEach(r => r.Dispose());
            terminal?.Dispose();
        }

        private bool InForeground() => terminal is not null && Sys.GetForegroundGroup(terminal) is { Ok: true } group && group.Int == Sys.Getpgid(0).Int;
    }
}
