using System.Runtime.InteropServices;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Launch;

namespace Csrun.Runtime.Attend;

/// <summary>Stays with a container in the foreground: hands signals over, carries the terminal, waits for the end.</summary>
public static class Attendant
{
    // What a user or a service manager sends. Not SIGTSTP, SIGTTIN and SIGTTOU: job control of csrun's own terminal is csrun's.
    private static readonly Signal[] s_forwarded =
    [
        Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGALRM, Signal.SIGPWR,
    ];

    /// <summary>Waits until the container has ended.</summary>
    /// <param name="container">The container.</param>
    /// <param name="interactive">Whether the caller's input goes to its terminal.</param>
    /// <param name="log">Where its terminal's output goes; null: the caller's standard output.</param>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public static int Attend(RunningContainer container, bool interactive, SafeFd? log = null)
    {
        if (container.Terminal is { } master)
        {
            TerminalRelay.Run(master, container.PidFd, interactive && log is null, log?.Number ?? 1);
        }

        return (int)Sys.WaitidPidfd(container.PidFd).OrThrow("waitid");
    }

    /// <summary>Hands signals over from here on, until the result is disposed: to be called once the child exists, before its command runs.</summary>
    /// <remarks>The handlers run on the runtime's signal thread, which this starts; it asks for no garbage collection
    /// (<see cref="QuiescenceGate"/>), and the child exists already.</remarks>
    public static IDisposable ForwardSignals(SafeFd pidfd)
    {
        SignalForwarding forwarding = new();
        foreach (Signal signal in s_forwarded)
        {
            forwarding.Add(PosixSignalRegistration.Create(Raw(signal), context =>
            {
                context.Cancel = true;
                Sys.PidfdSendSignal(pidfd, signal);
            }));
        }

        return forwarding;
    }

    // PosixSignal takes raw numbers, too, but its named values first.
    internal static PosixSignal Raw(Signal signal) => signal switch
    {
        Signal.SIGHUP => PosixSignal.SIGHUP,
        Signal.SIGINT => PosixSignal.SIGINT,
        Signal.SIGQUIT => PosixSignal.SIGQUIT,
        Signal.SIGTERM => PosixSignal.SIGTERM,
        _ => (PosixSignal)(int)signal,
    };

    private sealed class SignalForwarding : List<PosixSignalRegistration>, IDisposable
    {
        public void Dispose() => ForEach(r => r.Dispose());
    }
}
