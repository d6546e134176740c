using Csrun.Linux;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun pause</c> and <c>csrun unpause</c>.</summary>
internal static class PauseVerb
{
    /// <summary>Freezes, or thaws.</summary>
    internal static int Run(Caller caller, IReadOnlyList<string> words, bool pause)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                Container container = list.Find(word);
                using ControlGroup group = ContainerCgroup.Of(container, pause ? "cannot be paused" : "is not paused");
                if (!pause && !group.IsFrozen)
                {
                    throw new CsrunException($"container {container.DisplayName} is not paused", "its processes run", "csrun ps");
                }

                if (pause)
                {
                    group.Freeze();
                }
                else
                {
                    group.Thaw();
                }

                FdWriter.Stdout.Write($"{word}\n");
            });
        }

        FdWriter.Stdout.Flush();
        return failures.Report();
    }
}
