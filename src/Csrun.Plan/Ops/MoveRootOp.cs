using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Moves the current directory, a mount, over the root of this mount namespace, and makes it this process's root.</summary>
/// <remarks>For roots that pivot_root(2) refuses: the initial ramfs (switch_root(8) does the same). The old root stays mounted below. Its proc
/// and sysfs go first, as far as the kernel lets them: as long as they can be seen, a nested user namespace may mount new ones without masks.</remarks>
public sealed record MoveRootOp : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "move_mount(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        nint dot = program.Utf8("."), root = program.Utf8("/");
        // EINVAL: nothing is mounted there, or it is locked in a user namespace (mount_namespaces(7)).
        program.Call(Syscall.umount2, [(long)program.Utf8("/proc"), (long)UmountFlags.MNT_DETACH], null, [Errno.EINVAL, Errno.ENOENT]);
        program.Call(Syscall.umount2, [(long)program.Utf8("/sys"), (long)UmountFlags.MNT_DETACH], null, [Errno.EINVAL, Errno.ENOENT]);
        program.Call(Syscall.move_mount, [Arg.Cwd, (long)dot, Arg.Cwd, (long)root, 0]);
        program.Call(Syscall.chroot, [(long)dot]);
        program.Call(Syscall.chdir, [(long)root]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("umount2", "\"/proc\"", "MNT_DETACH");
        text.Call("umount2", "\"/sys\"", "MNT_DETACH");
        text.Call("move_mount", "AT_FDCWD", "\".\"", "AT_FDCWD", "\"/\"", "0");
        text.Call("chroot", "\".\"");
        text.Call("chdir", "\"/\"");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EINVAL
        ? new Hint("the mount that the root file system lies on is shared, or the root is no mount", "leave --no-pivot away")
        : null;
}
