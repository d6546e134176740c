using Csrun.Labs.Model;

namespace Csrun.Labs.Reporting;

/// <summary>What became of one step.</summary>
/// <param name="Step">The step as declared.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record StepReport(LabStep Step, LabOutcome Outcome)
{
    /// <summary>Why it was left out.</summary>
    public string? Reason { get; init; }

    /// <summary>The command as it was run, quoted for a shell; empty when it was left out.</summary>
    public string Command { get; init; } = "";

    /// <summary>The prompt of who typed it: <c>root#</c>, <c>alice$</c>.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What it printed, on both streams.</summary>
    public string Output { get; init; } = "";

    /// <summary>The exit code; 128 plus the number of a signal that ended it.</summary>
    public int ExitCode { get; init; }

    /// <summary>What it should have printed, with variables replaced; null where that does not matter.</summary>
    public string? Expected { get; init; }

    /// <summary>The output beside the expectation.</summary>
    public IReadOnlyList<DiffLine> Diff { get; init; } = [];
}
