using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Attaches a detached mount: move_mount(2), since Linux 5.2.</summary>
/// <param name="Mount">The mount.</param>
/// <param name="Target">The directory or file that it covers.</param>
/// <param name="What">What is mounted where, for messages.</param>
public sealed record MoveMountOp(FdSlot Mount, FdSlot Target, string What) : KernelOp
{
    /// <summary>Whether a target that does not exist is no failure.</summary>
    public bool TolerateAbsence { get; init; }

    /// <summary>Whether a target of the other kind (directory or file) is none.</summary>
    public bool TolerateKind { get; init; }

    /// <inheritdoc/>
    public override string ManPage => "move_mount(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        nint empty = program.Utf8("");
        program.Call(
            Syscall.move_mount,
            [Mount, (long)empty, Target, (long)empty, (long)(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH)],
            null,
            (TolerateAbsence, TolerateKind) switch
            {
                (true, true) => [Errno.EBADF, Errno.ENOTDIR, Errno.EINVAL],
                (true, false) => [Errno.EBADF],
                (false, true) => [Errno.ENOTDIR, Errno.EINVAL],
                _ => [],
            });
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) =>
        text.Call("move_mount", Mount.ToString(), "\"\"", Target.ToString(), "\"\"", "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOTDIR or Errno.EINVAL => new Hint($"{What}: one of the two is a directory and the other is not", "make both directories, or both files"),
        Errno.ENOSPC => new Hint("the limit of mounts is reached", "sudo sysctl fs.mount-max=200000"),
        _ => null,
    };
}
