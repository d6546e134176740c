using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>close(2).</summary>
/// <param name="Fd">The descriptor.</param>
public sealed record CloseOp(FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "close(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.close, [Fd]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("close", Fd.ToString());
}
