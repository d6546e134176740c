namespace Csrun.Labs.Reporting;

/// <summary>How a lab, or a step of one, ended.</summary>
public enum LabOutcome
{
    /// <summary>All was as expected.</summary>
    Passed,

    /// <summary>Something was not.</summary>
    Failed,

    /// <summary>It could not be run here.</summary>
    Skipped,
}
