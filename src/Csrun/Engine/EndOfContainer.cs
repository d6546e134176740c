using System.Diagnostics;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Planning;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>The end of containers that another csrun stays with: awaited, or brought about.</summary>
internal static class EndOfContainer
{
    private const short POLLIN = 1;

    /// <summary>The first process of a container that runs.</summary>
    /// <exception cref="CsrunException">It does not run.</exception>
    internal static SafeFd Process(Container container) => container.PidFd ?? throw new CsrunException(
        $"container {container.DisplayName} does not run",
        container.Status != ContainerStatus.Stopped ? "it is being made"
            : container.Record?.ExitCode is { } code ? $"it has ended with exit code {code}" : "it has ended",
        container.Status != ContainerStatus.Stopped ? "try again when csrun ps says running" : $"csrun rm {container.DisplayName} removes it");

    /// <summary>Sends a signal to a container's first process; SIGKILL also to those that would go on without it.</summary>
    /// <exception cref="CsrunException">Nothing of it runs, or the process is another user's.</exception>
    internal static void Signal(Container container, Signal signal)
    {
        bool killed = signal == Linux.Abi.Signal.SIGKILL && KillOthers(container);
        if (killed && container.PidFd is null)
        {
            return;
        }

        SysResult sent = Sys.PidfdSendSignal(Process(container), signal);
        if (signal == Linux.Abi.Signal.SIGKILL)
        {
            ContainerCgroup.ThawForKill(container);
        }

        if (sent.Errno != Errno.ESRCH) // ended meanwhile
        {
            sent.OrThrow("pidfd_send_signal", null, sent.Errno == Errno.EPERM ? "the process belongs to another user" : null);
        }
    }

    /// <summary>Kills what is in the container's control group where its PID namespace is the host's or another container's: the kernel ends
    /// the others with the first process of a new one alone (pid_namespaces(7)).</summary>
    /// <returns>Whether there was any.</returns>
    internal static bool KillOthers(Container container)
    {
        if (container.Record is not { } record || NamespaceFlags.Of(record.Spec).HasFlag(CloneFlags.CLONE_NEWPID))
        {
            return false;
        }

        using ControlGroup? group = ContainerCgroup.Find(container);
        if (group is null || group.Processes().Count == 0)
        {
            return false;
        }

        group.Kill();
        return true;
    }

    /// <summary>Waits until a process has ended.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="patience">How long at most.</param>
    /// <returns>Whether it has.</returns>
    internal static bool Await(SafeFd pidfd, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        Span<PollFd> fds = [new PollFd(pidfd.Number, POLLIN, 0)];
        while (true)
        {
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            SysResult polled = Sys.Ppoll(fds, (long)Math.Ceiling(Math.Max(0, left.TotalMilliseconds)));
            if (polled is { Ok: true, Value: > 0 })
            {
                return true;
            }

            if (polled.Errno != Errno.EINTR && (polled.Ok || polled.OrThrow("ppoll") == 0))
            {
                return false;
            }
        }
    }

    /// <summary>Waits until the csrun that stays with a container has written its end down and has let it go.</summary>
    internal static void AwaitRecord(Container container)
    {
        Sys.Flock(container.Directory, FlockOperation.LOCK_SH).OrThrow("flock", container.Path);
        Sys.Flock(container.Directory, FlockOperation.LOCK_UN);
    }
}
