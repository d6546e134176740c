using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>setns(2) with a pidfd (Linux 5.8): enters namespaces of another process, all of them or none.</summary>
/// <remarks>The user namespace counts first, whatever the order of the flags: with its capabilities the others are entered. It is for
/// a process with one thread only, so the child does it and never csrun. A PID namespace is entered by the next child.</remarks>
/// <param name="Process">The process, by pidfd.</param>
/// <param name="Namespaces">Which of its namespaces.</param>
public sealed record SetnsOp(FdSlot Process, CloneFlags Namespaces) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "setns(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.setns, [Process, (long)Namespaces]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("setns", Process.ToString(), StraceText.Flags(Namespaces));

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ESRCH => new Hint("the container has ended", "csrun ps -a"),
        Errno.EPERM => new Hint(
            facts.IsPrivileged
                ? "a security module, or an outer container, does not let csrun into the container's namespaces"
                : $"the container's user namespace is not one that user {facts.CallerUid} made, or its command is a program that its own user may not read",
            "run csrun exec as the user who started the container"),
        Errno.EINVAL or Errno.EBADF => new Hint("joining namespaces by pidfd needs Linux 5.8"),
        Errno.ENOMEM => new Hint("the kernel has no memory left"),
        _ => null,
    };
}
