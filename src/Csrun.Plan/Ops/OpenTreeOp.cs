using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Copies a mount, or a directory or file as a mount, into a detached one: what a bind mount starts with.</summary>
/// <param name="Dir">Where the path starts, or null for the current directory.</param>
/// <param name="Path">The path; empty for <paramref name="Dir"/> itself.</param>
/// <param name="Recursive">Whether the mounts below come along.</param>
/// <param name="Result">The detached mount.</param>
/// <param name="NoFollow">Whether a symbolic link at the end is refused.</param>
public sealed record OpenTreeOp(FdSlot? Dir, string Path, bool Recursive, FdSlot Result, bool NoFollow = false) : KernelOp
{
    /// <summary>Whether a directory descriptor that was not opened, because its path does not exist, is no failure.</summary>
    public bool TolerateAbsence { get; init; }

    private OpenTreeFlags Flags => OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC
        | (Recursive ? OpenTreeFlags.AT_RECURSIVE : 0) | (Path.Length == 0 ? OpenTreeFlags.AT_EMPTY_PATH : 0)
        | (NoFollow ? OpenTreeFlags.AT_SYMLINK_NOFOLLOW : 0);

    /// <inheritdoc/>
    public override string ManPage => "open_tree(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) =>
        program.Call(Syscall.open_tree, [Dir is { } dir ? dir : Arg.Cwd, (long)program.Utf8(Path), (long)Flags], Result, TolerateAbsence ? [Errno.EBADF] : []);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call(
        Result,
        "open_tree",
        StraceText.Dir(Dir),
        StraceText.Quote(Path),
        // strace's order: the call's own flags, then the AT_ ones.
        "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC" + (NoFollow ? "|AT_SYMLINK_NOFOLLOW" : "") + (Path.Length == 0 ? "|AT_EMPTY_PATH" : "") + (Recursive ? "|AT_RECURSIVE" : ""));

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOENT => new Hint($"\"{Path}\" does not exist", $"mkdir -p {Path}"),
        Errno.EACCES => new Hint($"the caller may not search a directory on the way to \"{Path}\"", $"namei -l {Path}"),
        Errno.EINVAL when !Recursive => new Hint(
            $"mounts lie below \"{Path}\" that this user namespace may not uncover, so it cannot be bound without them",
            "bind it with its mounts: add `rbind` to the volume's options"),
        Errno.ENOSYS => new Hint("open_tree needs Linux 5.2 or newer"),
        _ => null,
    };
}
