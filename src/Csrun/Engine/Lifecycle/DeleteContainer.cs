using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun delete</c>: what is left of a container that has ended, or was never started.</summary>
internal static class DeleteContainer
{
    // SIGKILL takes effect at once, but a process in an uninterruptible system call takes its time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Removes it.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="word">Which one.</param>
    /// <param name="force">Whether one that runs is killed, and one that is not there is no failure.</param>
    internal static int Run(Caller caller, string word, bool force)
    {
        Container container;
        try
        {
            container = NamedContainer.Open(caller, word);
        }
        catch (CsrunException) when (force)
        {
            return 0;
        }

        using (container)
        {
            Delete(caller, container, force);
        }

        return 0;
    }

    /// <summary>Removes it.</summary>
    /// <exception cref="CsrunException">It runs.</exception>
    internal static void Delete(Caller caller, Container container, bool force)
    {
        if (container.Status == ContainerStatus.Creating || (container.Status is ContainerStatus.Running or ContainerStatus.Paused && !force))
        {
            throw new CsrunException(
                $"cannot delete container {container.DisplayName} that is not stopped: {OciState.Word(container.Status)}",
                container.Status == ContainerStatus.Creating ? "it is being made" : "its first process runs",
                $"csrun kill {container.DisplayName} KILL first, or csrun delete --force {container.DisplayName}");
        }

        if (container.PidFd is { } process)
        {
            Sys.PidfdSendSignal(process, Signal.SIGKILL);
            ContainerCgroup.ThawForKill(container);
            if (!EndOfContainer.Await(process, s_patience))
            {
                throw new CsrunException($"container {container.DisplayName} is not deleted", $"its first process, {container.Record?.Process.Pid}, did not end within {s_patience.TotalSeconds} s of SIGKILL", "it waits for a device or a network file system: cat /proc/PID/wchan");
            }
        }

        // A csrun that stays with it has its last words first.
        Sys.Flock(container.Directory, FlockOperation.LOCK_EX).OrThrow("flock", container.Path);
        if (Sys.Statx(null, container.Path, out _).Ok)
        {
            LayerRemoval.RemoveHeld(caller, container.Path);
            if (container.Record is { } record)
            {
                LaterHooks.Run(record, "poststop", record.Spec.Hooks?.Poststop, 0, "stopped");
            }
        }
    }
}
