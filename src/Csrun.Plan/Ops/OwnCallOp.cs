namespace Csrun.Plan.Ops;

/// <summary>A system call that csrun itself makes, without a child: the same description as the child's calls have.</summary>
/// <param name="Call">The call.</param>
public sealed record OwnCallOp(KernelOp Call) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => Call.ManPage;

    /// <summary>The calls as strace(1) prints them.</summary>
    public IReadOnlyList<string> Calls => Text.Calls;

    /// <summary>The calls with the slots that take their results.</summary>
    public IReadOnlyList<string> Lines => Text.Lines;

    private StraceText Text
    {
        get
        {
            StraceText text = new();
            Call.ToStrace(text);
            return text;
        }
    }

    /// <inheritdoc/>
    public override string Describe() => string.Join("; ", Lines);
}
