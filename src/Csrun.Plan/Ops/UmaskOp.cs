using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>umask(2).</summary>
/// <param name="Mask">Permission bits that new files do not get.</param>
public sealed record UmaskOp(uint Mask) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "umask(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.umask, [Mask]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("umask", Mask == 0 ? "000" : "0" + Convert.ToString(Mask, 8));
}
