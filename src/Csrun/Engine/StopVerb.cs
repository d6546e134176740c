using Csrun.Linux.Abi;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun stop</c> and <c>csrun kill</c>.</summary>
internal static class StopVerb
{
    /// <summary>Asks containers to end, and kills those that have not after a while.</summary>
    internal static int Stop(Caller caller, IReadOnlyList<string> words, TimeSpan patience, Signal signal)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                Container container = list.Find(word);
                EndOfContainer.Signal(container, signal);
                if (!EndOfContainer.Await(container.PidFd!, patience))
                {
                    EndOfContainer.Signal(container, Signal.SIGKILL);
                    Notes.Write($"container {container.DisplayName} did not end within {patience.TotalSeconds:0.###} s of {signal} and was killed: a PID 1 that has no handler for a signal never gets it (pid_namespaces(7)); run --init passes signals on to a command that is not PID 1");
                    EndOfContainer.Await(container.PidFd!, TimeSpan.FromDays(1));
                }

                EndOfContainer.AwaitRecord(container);
                FdWriter.Stdout.Write($"{word}\n");
            });
        }

        FdWriter.Stdout.Flush();
        return failures.Report();
    }

    /// <summary>Sends a signal.</summary>
    internal static int Kill(Caller caller, IReadOnlyList<string> words, Signal signal)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                EndOfContainer.Signal(list.Find(word), signal);
                FdWriter.Stdout.Write($"{word}\n");
            });
        }

        FdWriter.Stdout.Flush();
        return failures.Report();
    }
}
