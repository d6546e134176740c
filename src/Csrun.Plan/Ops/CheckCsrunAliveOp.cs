using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>ppoll(2) without waiting: fails when csrun has gone, which the parent-death signal set just before would have missed.</summary>
/// <param name="Control">The child's end of the control socket.</param>
public sealed record CheckCsrunAliveOp(FdSlot Control) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "ppoll(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.CheckPeerAlive(Control);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("ppoll", $"[{{fd={Control}, events=0}}]", "1", "{tv_sec=0, tv_nsec=0}", "NULL", "8");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.ECANCELED ? new Hint("csrun ended before the container was ready") : null;
}
