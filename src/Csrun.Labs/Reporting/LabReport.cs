using Csrun.Labs.Model;

namespace Csrun.Labs.Reporting;

/// <summary>What became of one lab.</summary>
/// <param name="Lab">The lab.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Steps">Its steps up to the first that failed.</param>
public sealed record LabReport(Lab Lab, LabOutcome Outcome, IReadOnlyList<StepReport> Steps)
{
    /// <summary>Why it was skipped, or what failed outside the steps; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>What could not be removed at the end; empty when nothing is left.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>The directory that was kept (<c>--keep</c>), or null.</summary>
    public string? Kept { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long Milliseconds { get; init; }
}
