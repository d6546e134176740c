using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Makes a small file with a content, mode 0644; one that exists already is a failure.</summary>
/// <param name="Dir">The directory.</param>
/// <param name="Name">The file's name in it.</param>
/// <param name="Text">Its content.</param>
/// <param name="Fd">The slot of the open file.</param>
public sealed record NewFileOp(FdSlot Dir, string Name, string Text, FdSlot Fd) : KernelOp
{
    private const uint Mode = 0x1a4;

    private static OpenFlags Flags => OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC;

    /// <inheritdoc/>
    public override string ManPage => "openat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.openat, [Dir, (long)program.Utf8(Name), Flags.ForKernel(), Mode], Fd);
        program.Call(Syscall.write, [Fd, (long)program.Utf8(Text), Encoding.UTF8.GetByteCount(Text)]);
        program.Call(Syscall.close, [Fd]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Fd, "openat", Dir.ToString(), StraceText.Quote(Name), OpenFlagsText.Strace(Flags), "0644");
        text.Call("write", Fd.ToString(), StraceText.Quote(Text), Encoding.UTF8.GetByteCount(Text).ToString());
        text.Call("close", Fd.ToString());
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EEXIST => new Hint($"there is a \"{Name}\" already, where csrun makes its own"),
        Errno.ENOSPC => new Hint("the tmpfs on /dev is full", "give it more room in the configuration: size=65536k"),
        _ => null,
    };
}
