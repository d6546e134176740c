using Csrun.Linux;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun wait</c>.</summary>
internal static class WaitVerb
{
    /// <summary>Waits until each container has ended, and prints its exit code.</summary>
    internal static int Wait(Caller caller, IReadOnlyList<string> words)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                FdWriter.Stdout.Write($"{ExitCode(list.Find(word))}\n");
                FdWriter.Stdout.Flush();
            });
        }

        return failures.Report();
    }

    private static int ExitCode(Container container)
    {
        if (container.PidFd is { } pidfd)
        {
            EndOfContainer.Await(pidfd, TimeSpan.FromDays(36500));
        }

        EndOfContainer.AwaitRecord(container);
        return (ContainerRecordFile.Read(container.Directory) ?? container.Record)?.ExitCode
            ?? (container.PidFd is { } ended && Sys.PidfdExitCode(ended) is { Ok: true } code ? code.Int : throw new CsrunException(
                $"the exit code of container {container.DisplayName} is not known",
                container.Record?.Detached == true && ContainerDirectory.IsKept(container.Directory)
                    ? "its csrun in the background was killed before it could write it down"
                    : "it was removed at its end, and this kernel keeps no exit code of a process that was waited for (Linux 6.15 does)",
                "start it with run -d and without --rm"));
    }
}
