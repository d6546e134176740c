using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>clone(2) with CLONE_PARENT: the new process is in the PID namespace that was joined, csrun is its parent, and it goes on; this one ends.</summary>
public sealed record ForkSiblingOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "clone(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.ForkSibling();

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("clone", "child_stack=NULL", "flags=CLONE_PIDFD|CLONE_PARENT|SIGCHLD", "...");
        text.Comment("the process that joined: sendmsg of the new one's pidfd to csrun, then exit_group(0)");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOMEM => new Hint("the container has ended: no process can be added to a PID namespace without its first one", "csrun ps -a"),
        Errno.EAGAIN => new Hint("the limit of processes is reached", "ulimit -u; ps -u $(id -u) | wc -l"),
        _ => null,
    };
}
