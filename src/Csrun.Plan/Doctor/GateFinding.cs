namespace Csrun.Plan.Doctor;

/// <summary>What was found out about one gate.</summary>
/// <param name="Gate">Its name; stable.</param>
/// <param name="Status">What it says about <c>csrun run</c>.</param>
/// <param name="Evidence">What the finding rests on: a line of a file, the answer of a call.</param>
/// <param name="Cause">What that means, where the status is not ok.</param>
/// <param name="Fix">The least that mends it, as a command where there is one; several lines are several ways.</param>
/// <param name="Code">The code in brackets of messages about the same thing, without the brackets, or null.</param>
public sealed record GateFinding(string Gate, GateStatus Status, string Evidence, string? Cause = null, string? Fix = null, string? Code = null)
{
    /// <summary>A gate that is open.</summary>
    public static GateFinding Ok(string gate, string evidence) => new(gate, GateStatus.Ok, evidence);

    /// <summary>A gate that does not matter, or could not be looked at.</summary>
    public static GateFinding Skip(string gate, string why) => new(gate, GateStatus.Skip, why);
}
