using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Opens a file and writes a text to it in one write(2): a kernel setting.</summary>
/// <param name="Dir">Where the path starts, or null for the current directory.</param>
/// <param name="Path">The path.</param>
/// <param name="Text">What is written.</param>
/// <param name="Fd">The slot of the open file.</param>
public sealed record WriteFileOp(FdSlot? Dir, string Path, string Text, FdSlot Fd) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "proc(5)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.openat, [Dir is { } dir ? dir : Arg.Cwd, (long)program.Utf8(Path), (OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC).ForKernel(), 0], Fd);
        program.Call(Syscall.write, [Fd, (long)program.Utf8(Text), Encoding.UTF8.GetByteCount(Text)]);
        program.Call(Syscall.close, [Fd]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Fd, "openat", StraceText.Dir(Dir), StraceText.Quote(Path), "O_WRONLY|O_CLOEXEC");
        text.Call("write", Fd.ToString(), StraceText.Quote(Text), Encoding.UTF8.GetByteCount(Text).ToString());
        text.Call("close", Fd.ToString());
    }

    private string FullPath => Dir is null ? Path : $"/proc/{Path}";

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts)
    {
        string fix = Path.StartsWith("sys/", StringComparison.Ordinal)
            ? $"correct or remove \"{Path["sys/".Length..].Replace('/', '.')}\" of linux.sysctl in the configuration; sysctl -a lists what there is"
            : $"cat {FullPath}";
        return errno switch
        {
            Errno.EACCES or Errno.EPERM => new Hint($"the kernel does not let this container set {FullPath}", fix),
            Errno.EINVAL => new Hint($"\"{Text.TrimEnd()}\" is no valid value for {FullPath}", fix),
            Errno.ERANGE => new Hint($"\"{Text.TrimEnd()}\" is outside of what {FullPath} can be: a clock cannot be set below 0, for one", fix),
            Errno.ENOENT => new Hint($"this kernel has no {FullPath}", fix),
            _ => null,
        };
    }
}
