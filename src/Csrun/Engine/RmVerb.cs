using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun rm</c>.</summary>
internal static class RmVerb
{
    /// <summary>Removes containers; what goes wrong with one does not keep the others.</summary>
    internal static int Remove(Caller caller, IReadOnlyList<string> words, bool force)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                Container container = list.Find(word);
                Remove(caller, container, force);
                FdWriter.Stdout.Write($"{word}\n");
            });
        }

        FdWriter.Stdout.Flush();
        return failures.Report();
    }

    private static void Remove(Caller caller, Container container, bool force)
    {
        if (container.Status == ContainerStatus.Creating)
        {
            throw new CsrunException($"container {container.DisplayName} is not removed", "it is being made", "try again when csrun ps says running");
        }

        if (container.Status != ContainerStatus.Stopped && !force)
        {
            throw new CsrunException(
                $"container {container.DisplayName} is not removed",
                "it is running",
                $"csrun stop {container.DisplayName} first, or csrun rm -f {container.DisplayName}, which kills it");
        }

        if (container.PidFd is { } pidfd)
        {
            Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
            ContainerCgroup.ThawForKill(container);
        }

        // The csrun that stays with it has its last words first; what is not kept, it removes itself.
        Sys.Flock(container.Directory, FlockOperation.LOCK_EX).OrThrow("flock", container.Path);
        if (Sys.Statx(null, container.Path, out _).Ok)
        {
            LayerRemoval.RemoveHeld(caller, container.Path);
        }
    }
}
