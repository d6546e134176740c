using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun kill ID SIGNAL</c>, as engines call it.</summary>
internal static class SignalContainer
{
    /// <summary>Sends the signal to the container's first process, or to every process in its control group.</summary>
    internal static int Run(Caller caller, string word, Signal signal, bool all)
    {
        using Container container = NamedContainer.Open(caller, word);
        if (all && container.Record?.Cgroup is { } record)
        {
            // Where the PID namespace is not the container's own, others go on when the first process has ended.
            using ControlGroup? group = ControlGroup.Open(record);
            if (group is not null)
            {
                group.Signal(signal);
                return 0;
            }
        }

        if (container.PidFd is null)
        {
            // An engine that wants everything of an ended container gone has what it wants, now if not before.
            return all || (signal == Signal.SIGKILL && EndOfContainer.KillOthers(container)) ? 0 : throw new CsrunException(
                $"container not running: {container.DisplayName}",
                container.Record?.ExitCode is { } code ? $"it has ended with exit code {code}" : "it has ended",
                $"csrun delete {container.DisplayName} removes it");
        }

        EndOfContainer.Signal(container, signal);
        return 0;
    }
}
