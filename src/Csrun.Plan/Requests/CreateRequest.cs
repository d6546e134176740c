namespace Csrun.Plan.Requests;

/// <summary>What <c>csrun create</c>, and runc's <c>run</c>, were asked for.</summary>
public sealed record CreateRequest
{
    /// <summary>The container's ID, which the engine chooses.</summary>
    public required string Id { get; init; }

    /// <summary>The directory with config.json, as it was typed.</summary>
    public string Bundle { get; init; } = ".";

    /// <summary>The Unix socket that the terminal's master side is sent to; null without one.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>The file that the first process's ID is written to, in csrun's PID namespace; null for none.</summary>
    public string? PidFile { get; init; }

    /// <summary>How many descriptors from 3 on the command gets besides the standard streams.</summary>
    public int PreserveFds { get; init; }

    /// <summary>Whether the root is changed without pivot_root(2).</summary>
    public bool NoPivot { get; init; }

    /// <summary>Whether the caller's session keyring stays the container's.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>Whether to print the plan in place of carrying it out, and how.</summary>
    public ExplainFormat? Explain { get; init; }

    /// <summary>Whether to print each step up to the wait for <c>csrun start</c> as it runs, and how.</summary>
    public TraceFormat? Trace { get; init; }
}
