using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>mkdirat(2); a directory that exists already is no failure unless asked.</summary>
/// <param name="Dir">Where the path starts, or null for the current directory.</param>
/// <param name="Path">The path.</param>
/// <param name="Mode">Permission bits, before the umask.</param>
public sealed record MkdirOp(FdSlot? Dir, string Path, uint Mode) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "mkdirat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) =>
        program.Call(Syscall.mkdirat, [Dir is { } dir ? dir : Arg.Cwd, (long)program.Utf8(Path), Mode], null, [Errno.EEXIST]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) =>
        text.Call("mkdirat", StraceText.Dir(Dir), StraceText.Quote(Path), "0" + Convert.ToString(Mode, 8));

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EACCES or Errno.EPERM => new Hint(
            $"the mount point \"{Path}\" is missing in the root file system and the caller may not create it there",
            $"create it: sudo mkdir -p ROOTFS{Path}"),
        Errno.EROFS => new Hint($"the mount point \"{Path}\" is missing and the root file system is read-only", $"create \"{Path}\" in the image"),
        Errno.ENOSPC or Errno.EDQUOT => new Hint("the disk, or the caller's quota on it, is full", "csrun image rm IMAGE, or move the state to another file system: --root DIR"),
        Errno.ENOTDIR => new Hint($"a part of the mount point \"{Path}\" is a file in the image", "choose another target: below a directory of the image"),
        Errno.ENOENT => new Hint($"a part of the mount point \"{Path}\" is a symbolic link to nothing in the image", "choose another target, or make in the image what the link leads to"),
        _ => null,
    };
}
