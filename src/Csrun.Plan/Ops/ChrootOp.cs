using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>chroot(2) into a directory that is open.</summary>
/// <param name="Root">The directory.</param>
public sealed record ChrootOp(FdSlot Root) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "chroot(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.fchdir, [Root]);
        program.Call(Syscall.chroot, [(long)program.Utf8(".")]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("fchdir", Root.ToString());
        text.Call("chroot", "\".\"");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EPERM
        ? new Hint("changing the root needs CAP_SYS_CHROOT in the user namespace that this process is in", "run csrun as root")
        : null;
}
