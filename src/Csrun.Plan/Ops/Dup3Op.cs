using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>dup3(2): the descriptor under a fixed number.</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Number">The number: 0 to 2 for the standard streams, or one that a path under /proc/self/fd names.</param>
/// <param name="CloseOnExec">Whether execve closes it.</param>
/// <param name="Result">The slot for the new descriptor, where later steps use it.</param>
public sealed record Dup3Op(FdSlot Fd, int Number, bool CloseOnExec, FdSlot? Result = null) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "dup3(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.dup3, [Fd, Number, CloseOnExec ? (long)OpenFlags.O_CLOEXEC : 0], Result);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call(Result, "dup3", Fd.ToString(), Number.ToString(), CloseOnExec ? "O_CLOEXEC" : "0");
}
