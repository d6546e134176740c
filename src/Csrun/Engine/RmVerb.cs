using Csrun.Engine.Lifecycle;
using Csrun.Linux;
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

        // Of one that waits for csrun start nothing has run yet that could be lost.
        if (container.Status is ContainerStatus.Running or ContainerStatus.Paused && !force)
        {
            throw new CsrunException(
                $"container {container.DisplayName} is not removed",
                $"it is {OciState.Word(container.Status)}",
                $"csrun stop {container.DisplayName} first, or csrun rm -f {container.DisplayName}, which kills it");
        }

        ContainerRemoval.Remove(caller, container);
    }
}
