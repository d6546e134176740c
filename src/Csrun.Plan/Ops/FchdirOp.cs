using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>fchdir(2).</summary>
/// <param name="Fd">The directory.</param>
public sealed record FchdirOp(FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "fchdir(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.fchdir, [Fd]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("fchdir", Fd.ToString());
}
