using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Enters the working directory: openat2(2) without magic links, then fchdir(2).</summary>
/// <remarks>chdir(2) alone would follow /proc/self/fd/N out of the container (CVE-2024-21626).</remarks>
/// <param name="Path">The directory, in the container.</param>
/// <param name="Fd">The slot for it.</param>
public sealed record WorkingDirectoryOp(string Path, FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "openat2(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        ReadOnlySpan<ulong> how = [(ulong)(uint)(OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC).ForKernel(), 0, (ulong)(ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS)];
        program.Call(Syscall.openat2, [Arg.Cwd, (long)program.Utf8(Path), (long)program.Bytes(MemoryMarshal.AsBytes(how)), 24], Fd);
        program.Call(Syscall.fchdir, [Fd]);
        program.Call(Syscall.close, [Fd]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Fd, "openat2", "AT_FDCWD", StraceText.Quote(Path), "{flags=O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY, resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}", "24");
        text.Call("fchdir", Fd.ToString());
        text.Call("close", Fd.ToString());
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOENT => new Hint($"the working directory \"{Path}\" does not exist in the container", "choose another with -w, or create it in the image", 126),
        Errno.ENOTDIR => new Hint($"the working directory \"{Path}\" is not a directory in the container", "choose another with -w", 126),
        Errno.EACCES => new Hint($"the container's user may not enter the working directory \"{Path}\"", "choose another with -w, or another user with -u", 126),
        Errno.ELOOP => new Hint($"the working directory \"{Path}\" leads through a magic link of /proc, which csrun does not follow", "choose another with -w", 126),
        _ => null,
    };
}
