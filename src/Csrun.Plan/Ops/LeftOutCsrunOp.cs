namespace Csrun.Plan.Ops;

/// <summary>A step of csrun's own that is left out on purpose (<c>--break</c>).</summary>
/// <param name="Op">What would have been done.</param>
public sealed record LeftOutCsrunOp(CsrunOp Op) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => Op.ManPage;

    /// <inheritdoc/>
    public override string Describe() => $"left out: {Op.Describe()}";
}
