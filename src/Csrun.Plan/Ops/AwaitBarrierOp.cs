using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Waits for csrun's message, which may bring descriptors; fails when csrun has gone.</summary>
/// <param name="Name">The barrier's name; csrun's plan has a <see cref="PassBarrierOp"/> of the same name.</param>
/// <param name="Control">The child's end of the control socket.</param>
/// <param name="Fds">The slots for the descriptors that come with it.</param>
public sealed record AwaitBarrierOp(string Name, FdSlot Control, ImmutableArray<FdSlot> Fds) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "recvmsg(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.ReceiveBarrier(Control, Fds);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("recvmsg", Control.ToString(), "...");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) =>
        errno == Errno.ECANCELED ? new Hint("csrun ended before the container was ready") : null;
}
