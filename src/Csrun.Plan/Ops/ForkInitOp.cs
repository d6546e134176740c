using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>--init: forks; PID 1 stays behind, hands signals over and reaps, and its child goes on to the command.</summary>
public sealed record ForkInitOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "clone(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.ForkInit();

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("clone", "child_stack=NULL", "flags=SIGCHLD");
        text.Comment("PID 1: close_range(3, 4294967295, 0); prctl(PR_SET_NAME, \"csrun-init\"); then rt_sigtimedwait, wait4 and kill until the command ends");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EAGAIN
        ? new Hint("the limit of processes is reached", "raise it, or leave --init away: ulimit -u; ps -u $(id -u) | wc -l")
        : null;
}
