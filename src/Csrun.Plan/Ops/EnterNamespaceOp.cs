using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>setns(2) with a namespace's descriptor: enters one that exists already. A PID namespace is entered by the next child.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Kind">Which kind it has to be: what the file turns out to be is not left to chance.</param>
/// <param name="Path">The configuration's path, for messages.</param>
public sealed record EnterNamespaceOp(FdSlot Namespace, CloneFlags Kind, string Path) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "setns(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.setns, [Namespace, (long)Kind]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("setns", Namespace.ToString(), StraceText.Flags(Kind));

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EINVAL => new Hint(Kind == CloneFlags.CLONE_NEWUSER
            ? $"\"{Path}\" is no user namespace, or it is the one that csrun is in already"
            : $"\"{Path}\" is no namespace of the kind that the configuration names"),
        Errno.EPERM => new Hint(
            $"entering \"{Path}\" needs CAP_SYS_ADMIN in the user namespace that owns it",
            "run csrun as the user who made the namespace, or let the container join that user namespace, too"),
        _ => null,
    };
}
