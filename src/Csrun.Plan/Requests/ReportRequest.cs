namespace Csrun.Plan.Requests;

/// <summary>A report about a launch, as <c>csrun explain-report</c> was asked for it.</summary>
/// <param name="File">The file to write.</param>
/// <param name="Replace">Whether a file that exists is replaced.</param>
/// <param name="Planned">Whether the plan is reported and not run.</param>
public sealed record ReportRequest(string File, bool Replace, bool Planned);
