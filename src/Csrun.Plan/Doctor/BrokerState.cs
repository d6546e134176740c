namespace Csrun.Plan.Doctor;

/// <summary>What the broker's socket says.</summary>
public enum BrokerState
{
    /// <summary>There is no socket.</summary>
    Absent,

    /// <summary>There is one, and nobody answers, or the caller may not connect.</summary>
    Unreachable,

    /// <summary>The broker answers.</summary>
    Running,
}
