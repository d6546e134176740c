using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>The child tells csrun that it has got this far: a barrier the other way round.</summary>
/// <param name="Name">The point's name; csrun's plan has an <see cref="AwaitChildOp"/> of the same name.</param>
/// <param name="Control">The child's end of the control socket.</param>
public sealed record AnnounceOp(string Name, FdSlot Control) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "write(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.AnnounceReached(Control);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("write", Control.ToString(), "\"R\"", "1");
}
