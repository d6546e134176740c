namespace Csrun.Plan.Tracing;

/// <summary>What became of one step of a launch.</summary>
/// <param name="Step">The step.</param>
/// <param name="Duration">How long it took: in the child by its own clock, else by csrun's; null when nobody watched.</param>
/// <param name="Calls">The calls with their results, as strace(1) writes them, or csrun's own doing.</param>
/// <param name="Changes">What changed in /proc/PID.</param>
public sealed record StepOutcome(Step Step, TimeSpan? Duration, IReadOnlyList<string> Calls, IReadOnlyList<string> Changes);
