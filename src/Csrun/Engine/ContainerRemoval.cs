using Csrun.Engine.Lifecycle;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>The removal of a container with all that belongs to it, for rm, delete, and runc's run.</summary>
internal static class ContainerRemoval
{
    // SIGKILL takes effect at once, but a process in an uninterruptible system call takes its time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Kills what of it has not ended, and removes its control group, with systemd's unit, its directory and its name; its poststop hooks run then.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="container">The container; whether one that runs may be removed, the verb has decided.</param>
    /// <exception cref="CsrunException">Its first process does not end.</exception>
    internal static void Remove(Caller caller, Container container)
    {
        if (container.PidFd is { } process)
        {
            Sys.PidfdSendSignal(process, Signal.SIGKILL);
            ContainerCgroup.ThawForKill(container);
            if (!EndOfContainer.Await(process, s_patience))
            {
                int pid = container.Record?.Process.Pid ?? 0;
                throw new CsrunException(
                    $"container {container.DisplayName} is not removed",
                    $"its first process, {pid}, did not end within {s_patience.TotalSeconds} s of SIGKILL: it waits for a device or a network file system",
                    $"cat /proc/{pid}/stack, and try again when it has gone");
            }
        }

        // The csrun that stays with it has its last words first; what is not kept, it removes itself.
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
