using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>csrun goes to some processors itself, before there is a child, which begins there.</summary>
/// <param name="Cpus">Their numbers, such as <c>0-3,7</c>.</param>
public sealed record OwnAffinityOp(string Cpus) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "sched_setaffinity(2)";

    /// <inheritdoc/>
    public override string Describe() => $"sched_setaffinity(0, {IdList.Mask(Cpus).Length}, [{string.Join(' ', IdList.Numbers(Cpus))}])";
}
