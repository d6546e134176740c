using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun start</c>: lets the command of a container that was created run.</summary>
internal static class StartContainer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Starts them; returns when their commands run.</summary>
    internal static int Run(Caller caller, IReadOnlyList<string> words)
    {
        FailureList failures = new();
        foreach (string word in words)
        {
            failures.Try(() =>
            {
                using Container container = NamedContainer.Open(caller, word);
                Start(container);
            });
        }

        return failures.Report();
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="CsrunException">It does not wait for that, or its command cannot be executed.</exception>
    internal static void Start(Container container)
    {
        // Two that start at the same time: the second one finds a container that runs.
        Sys.Flock(container.Directory, FlockOperation.LOCK_EX).OrThrow("flock", container.Path);
        try
        {
            if (container.Status == ContainerStatus.Stopped)
            {
                throw new CsrunException($"cannot start a container that has stopped: {container.DisplayName}", "its first process has ended", $"csrun delete {container.DisplayName}, and create it again");
            }

            if (container.Status == ContainerStatus.Creating || !StartFifo.Go(container.Directory, out StartFailure? failure))
            {
                throw new CsrunException(
                    $"cannot start an already running container: {container.DisplayName}",
                    container.Status == ContainerStatus.Creating ? "it is being made" : "its command runs",
                    "csrun exec runs a further command in it");
            }

            if (failure is { } failed)
            {
                // It ends right after its report. Who is told of the failure may delete it at once.
                EndOfContainer.Await(EndOfContainer.Process(container), s_patience);
                throw Explain(container, failed);
            }

            if (container.Record?.Spec.Linux?.Resources?.Memory?.Limit > 0)
            {
                using ControlGroup? group = ContainerCgroup.Find(container);
                if (MemoryLimit.Killed(group, container.Record.Process.Pid, EndOfContainer.Process(container)) is { } cause)
                {
                    throw cause;
                }
            }

            LaterHooks.Run(container.Record!, "poststart", container.Record!.Spec.Hooks?.Poststart, container.Record.Process.Pid, "running");
        }
        finally
        {
            Sys.Flock(container.Directory, FlockOperation.LOCK_UN);
        }
    }

    private static CsrunException Explain(Container container, StartFailure failed)
    {
        string command = container.Record?.Spec.Process?.Args is [string first, ..] ? first : "";
        if (failed.OfHook)
        {
            return new CsrunException(
                $"a startContainer hook of container {container.DisplayName} failed: {failed.Errno} ({failed.Errno.Describe()})",
                failed.Errno switch
                {
                    Errno.ENOENT => "it is not in the container, or cannot be executed there",
                    Errno.ETIME => "it did not end within its timeout and was killed",
                    _ => "its exit code was not 0, or a signal ended it; it has said why on its standard error stream",
                },
                "see $.hooks.startContainer of the configuration");
        }

        if (!failed.OfExecve)
        {
            return new CsrunException(
                $"container {container.DisplayName} could not be started: system call {failed.Call}: {failed.Errno} ({failed.Errno.Describe()})",
                "a step between start and the command failed",
                "csrun create --explain --bundle DIR ID shows these steps");
        }

        return new CsrunException(
            $"execve \"{command}\": {failed.Errno} ({failed.Errno.Describe()})",
            failed.Errno switch
            {
                Errno.ENOEXEC => $"\"{command}\" is neither a program for this machine nor a script with #! in its first line",
                Errno.ENOENT => $"\"{command}\" is there, but not the interpreter or the dynamic loader that it names",
                Errno.EACCES => $"the container's user may not execute \"{command}\", or it lies on a volume that is mounted noexec",
                Errno.E2BIG => "arguments and environment are longer than the kernel takes",
                _ => null,
            },
            null,
            failed.Errno is Errno.ENOENT ? 127 : 126);
    }
}
