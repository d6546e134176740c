using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Makes the current directory the root of this mount namespace and drops the old root, which "." stacks on it.</summary>
/// <remarks>pivot_root(2), "pivot_root(".", ".")": no directory for the old root is needed.</remarks>
public sealed record PivotRootOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "pivot_root(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        nint dot = program.Utf8(".");
        program.Call(Syscall.pivot_root, [(long)dot, (long)dot]);
        program.Call(Syscall.umount2, [(long)dot, (long)UmountFlags.MNT_DETACH]);
        program.Call(Syscall.chdir, [(long)program.Utf8("/")]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("pivot_root", "\".\"", "\".\"");
        text.Call("umount2", "\".\"", "MNT_DETACH");
        text.Call("chdir", "\"/\"");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EINVAL
        ? new Hint("the root of this system is the initial ramfs, or the new root's parent mount is shared", "run csrun on a system whose root is a real file system")
        : null;
}
