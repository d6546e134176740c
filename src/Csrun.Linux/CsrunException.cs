namespace Csrun.Linux;

/// <summary>A failure that csrun reports to its user: what failed, why, and what to do about it.</summary>
/// <remarks>Rendered as one fact a line: <c>csrun: what</c>, <c>  why: …</c>, <c>  fix: …</c> (docs/design/errors.md).</remarks>
public class CsrunException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="what">What failed: the call, the path, the errno. Lower case, no full stop.</param>
    /// <param name="why">Why it failed, decided from facts; never a guess.</param>
    /// <param name="fix">What the user can do, as a command where there is one. Several lines are several fixes.</param>
    /// <param name="exitCode">125 csrun failed, 126 not executable, 127 not found.</param>
    /// <param name="inner">The cause, when it is another exception.</param>
    public CsrunException(string what, string? why = null, string? fix = null, int exitCode = 125, Exception? inner = null)
        : base(what, inner)
    {
        Why = why;
        Fix = fix;
        ExitCode = exitCode;
    }

    /// <summary>Why it failed.</summary>
    public string? Why { get; }

    /// <summary>What to do about it.</summary>
    public string? Fix { get; }

    /// <summary>The exit code that csrun ends with.</summary>
    public int ExitCode { get; }

    /// <summary>The gates of csrun doctor that can have been closed where this failed; empty where the host has no part in it.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];
}
