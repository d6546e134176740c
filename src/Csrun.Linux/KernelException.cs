using Csrun.Linux.Abi;

namespace Csrun.Linux;

/// <summary>A system call that failed.</summary>
public sealed class KernelException : CsrunException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="call">The call by its man-page name, with the arguments that matter.</param>
    /// <param name="path">The path it was about, or null.</param>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="why">Why, decided from facts.</param>
    /// <param name="fix">What the user can do.</param>
    /// <param name="exitCode">The exit code that csrun ends with.</param>
    public KernelException(string call, string? path, Errno errno, string? why = null, string? fix = null, int exitCode = 125)
        : base($"{call}{(path is null ? "" : $" \"{path}\"")}: {errno} ({errno.Describe()})", why, fix, exitCode)
    {
        Call = call;
        Path = path;
        Errno = errno;
    }

    /// <summary>The call by its man-page name.</summary>
    public string Call { get; }

    /// <summary>The path it was about.</summary>
    public string? Path { get; }

    /// <summary>What the kernel answered.</summary>
    public Errno Errno { get; }
}
