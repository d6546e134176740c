using Csrun.Linux.Handles;

namespace Csrun.Runtime.Launch;

/// <summary>A container whose command runs.</summary>
/// <param name="Pid">Its first process, in csrun's PID namespace.</param>
/// <param name="PidFd">The same process by descriptor.</param>
/// <param name="Terminal">csrun's end of its terminal, when it has one.</param>
public sealed record RunningContainer(int Pid, SafeFd PidFd, SafeFd? Terminal) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Terminal?.Dispose();
        PidFd.Dispose();
    }
}
