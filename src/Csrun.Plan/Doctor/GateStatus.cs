namespace Csrun.Plan.Doctor;

/// <summary>What a gate says about <c>csrun run</c>.</summary>
public enum GateStatus
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>Containers start; something that some of them want is missing.</summary>
    Warn,

    /// <summary>Containers do not start.</summary>
    Fail,

    /// <summary>It does not matter here, or could not be looked at because of another gate that fails.</summary>
    Skip,
}
