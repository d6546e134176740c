using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>openat2(2): opens a path into a slot.</summary>
/// <param name="Dir">Where the path starts, or null for the current directory.</param>
/// <param name="Path">The path.</param>
/// <param name="Flags">How to open; O_CLOEXEC is added.</param>
/// <param name="Resolve">How the path may resolve.</param>
/// <param name="Result">The slot.</param>
/// <param name="Mode">Permission bits of a new file.</param>
/// <param name="Purpose">What it is for, for messages: <c>the mount point "/proc"</c>.</param>
public sealed record OpenOp(FdSlot? Dir, string Path, OpenFlags Flags, ResolveFlags Resolve, FdSlot? Result, uint Mode = 0, string? Purpose = null) : KernelOp
{
    /// <summary>Error numbers that are no failure (a file that exists already).</summary>
    public Errno Tolerate { get; init; }

    private OpenFlags AllFlags => Flags | OpenFlags.O_CLOEXEC;

    /// <inheritdoc/>
    public override string ManPage => "openat2(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct open_how { u64 flags, mode, resolve }, 24 bytes.
        ReadOnlySpan<ulong> how = [(ulong)(uint)AllFlags.ForKernel(), Mode, (ulong)Resolve];
        program.Call(
            Syscall.openat2,
            [Dir is { } dir ? dir : Arg.Cwd, (long)program.Utf8(Path), (long)program.Bytes(MemoryMarshal.AsBytes(how)), 24],
            Result,
            Tolerate == Errno.None ? [] : [Tolerate]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        string mode = (Flags & OpenFlags.O_CREAT) != 0 ? $", mode=0{Convert.ToString(Mode, 8)}" : "";
        text.Call(Result, "openat2", StraceText.Dir(Dir), StraceText.Quote(Path), $"{{flags={OpenFlagsText.Strace(AllFlags)}{mode}, resolve={StraceText.Flags(Resolve)}}}", "24");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ELOOP when (Resolve & ResolveFlags.RESOLVE_NO_SYMLINKS) != 0 => new Hint(
            $"{Purpose ?? Path} is a symbolic link in the image, which could lead anywhere; csrun mounts there on real directories only",
            "use an image without that link"),
        Errno.ELOOP when (Resolve & ResolveFlags.RESOLVE_NO_MAGICLINKS) != 0 => new Hint(
            $"{Purpose ?? Path} leads through symbolic links without end, or through a magic link of /proc, which could lead out of the container",
            "use an image without that link"),
        Errno.ENOENT => new Hint($"{Purpose ?? Path} does not exist"),
        Errno.ENOTDIR => new Hint($"{Purpose ?? Path} is not a directory"),
        Errno.EACCES => new Hint($"the caller may not reach or open {Purpose ?? Path}"),
        Errno.EROFS => new Hint($"{Purpose ?? Path} would have to be created on a read-only file system"),
        Errno.ENOSYS => new Hint("openat2 needs Linux 5.6 or newer"),
        _ => null,
    };
}
