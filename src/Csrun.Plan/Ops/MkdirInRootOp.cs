using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Makes a directory by a path that the image has a say in: openat2(2) of its parent without magic links, then mkdirat(2) there.</summary>
/// <remarks>mkdirat alone would follow a link of the image to /proc/self/fd/N, and from a descriptor of the host out of the container
/// (as CVE-2024-21626). A directory that exists already is no failure.</remarks>
/// <param name="Path">The absolute path, in the container.</param>
/// <param name="Mode">Permission bits, before the umask.</param>
/// <param name="NoSymlinks">Whether the way there may have no symbolic link either.</param>
/// <param name="Parent">The slot of the parent, closed again.</param>
public sealed record MkdirInRootOp(string Path, uint Mode, bool NoSymlinks, FdSlot Parent) : KernelOp
{
    private string ParentPath => Path.LastIndexOf('/') is > 0 and int slash ? Path[..slash] : "/";

    private string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The container's root while it is not the process's own yet; null after pivot_root.</summary>
    public FdSlot? Root { get; init; }

    private OpenOp Open => new(Root, ParentPath, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, TargetResolve.For(NoSymlinks, Root), Parent, Purpose: $"the mount point \"{Path}\"");

    /// <inheritdoc/>
    public override string ManPage => "mkdirat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        Open.Lower(program);
        program.Call(Syscall.mkdirat, [Parent, (long)program.Utf8(Name), Mode], null, [Errno.EEXIST]);
        program.Call(Syscall.close, [Parent]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        Open.ToStrace(text);
        text.Call("mkdirat", Parent.ToString(), StraceText.Quote(Name), "0" + Convert.ToString(Mode, 8));
        text.Call("close", Parent.ToString());
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.ELOOP
        ? Open.HintFor(errno, facts)
        : new MkdirOp(null, Path, Mode).HintFor(errno, facts);
}
