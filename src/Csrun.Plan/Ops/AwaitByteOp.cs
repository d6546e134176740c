using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Waits for one byte with read(2), which every system call filter allows a program.</summary>
/// <param name="Name">What is waited for: the name of csrun's <see cref="PassBarrierOp"/>, or <c>start</c>.</param>
/// <param name="Fd">The control socket, or the FIFO that <c>csrun start</c> writes to.</param>
public sealed record AwaitByteOp(string Name, FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "read(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.AwaitByte(Fd);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("read", Fd.ToString(), "...", "1");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) =>
        errno == Errno.ECANCELED ? new Hint("csrun ended before the container was ready") : null;
}
