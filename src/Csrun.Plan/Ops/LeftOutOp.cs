using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>A step of the child that is left out on purpose (<c>--break</c>): no system call. Slots that it would have filled keep
/// -1, which is no descriptor, so that a later step fails with EBADF and never uses another one's.</summary>
/// <param name="Op">What would have been done.</param>
public sealed record LeftOutOp(KernelOp Op) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => Op.ManPage;

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        StraceText would = new();
        Op.ToStrace(would);
        foreach (string call in would.Calls)
        {
            text.Comment($"left out: {call}");
        }
    }
}
