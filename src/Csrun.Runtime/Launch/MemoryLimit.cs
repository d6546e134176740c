using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Runtime.Cgroups;

namespace Csrun.Runtime.Launch;

/// <summary>Finds out whether it was the container's memory limit that kept its command from beginning.</summary>
public static class MemoryLimit
{
    private const string Fix = "raise the limit: --memory 64m, or $.linux.resources.memory.limit in the configuration";
    private const short POLLIN = 1;
    private const int Patience = 1000; // milliseconds; what is killed has closed its descriptors a moment before it has ended

    /// <summary>Whether the kernel killed the container's first process for its group's limit before the command began.</summary>
    /// <param name="group">The container's group, or null.</param>
    /// <param name="pid">The process.</param>
    /// <param name="pidfd">The same.</param>
    /// <returns>The failure to tell; null: that was not it.</returns>
    public static CsrunException? Killed(ControlGroup? group, int pid, SafeFd pidfd)
    {
        if (group is null || group.OomKills() == 0)
        {
            return null;
        }

        // Of a process that somebody else's parent has reaped nobody can tell any more.
        bool? executed = ProcessStat.HasExecuted(pid);
        return executed != true && Sys.Ppoll([new PollFd(pidfd.Number, POLLIN, 0)], Patience) is { Ok: true, Value: > 0 }
            ? new CsrunException(
                $"the container's first process was killed before its command began{(executed is null ? ", or in its first moment" : "")}",
                $"the kernel killed it because it reached its memory limit: {Describe(group)}",
                Fix)
            : null;
    }

    /// <summary>A failure for want of memory, told with the limit where that was reached.</summary>
    /// <param name="group">The container's group, or null.</param>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="failure">The failure as it is told otherwise.</param>
    public static CsrunException OrLimit(ControlGroup? group, Errno errno, CsrunException failure) =>
        errno == Errno.ENOMEM && group is not null && group.MemoryRefusals() != 0
            ? new CsrunException(failure.Message, $"the container has reached its memory limit: {Describe(group)}", Fix, failure.ExitCode)
            : failure;

    private static string Describe(ControlGroup group)
    {
        (string file, ulong? limit) = group.MemoryLimit();
        // Version 1 writes "no limit" as the largest number of whole pages.
        return limit is { } bytes and < 1UL << 62 ? $"\"{file}\" is {bytes} bytes" : $"none is in \"{file}\", but a group above it has one";
    }
}
