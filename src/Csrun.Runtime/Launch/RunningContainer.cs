using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Runtime.Cgroups;

namespace Csrun.Runtime.Launch;

/// <summary>A container whose command runs.</summary>
/// <param name="Pid">Its first process, in csrun's PID namespace.</param>
/// <param name="PidFd">The same process by descriptor.</param>
/// <param name="Terminal">csrun's end of its terminal, when it has one.</param>
public sealed record RunningContainer(int Pid, SafeFd PidFd, SafeFd? Terminal) : IDisposable
{
    private const short POLLIN = 1;

    /// <summary>The control group that was made for it; null when it is in csrun's own, or in one that was there.</summary>
    public ControlGroup? Cgroup { get; init; }

    /// <summary>Waits for the command's end, but not for long.</summary>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>Whether it has ended; its exit code can still be waited for.</returns>
    public bool EndsWithin(int milliseconds)
    {
        // A pidfd is readable once its process has ended (pidfd_open(2)).
        Span<PollFd> ended = [new PollFd(PidFd.Number, POLLIN, 0)];
        return Sys.Ppoll(ended, milliseconds) is { Ok: true, Value: > 0 };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Terminal?.Dispose();
        Cgroup?.Dispose();
        PidFd.Dispose();
    }
}
