using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>mknodat(2): a device node, which only root of the host's user namespace may make, or a FIFO.</summary>
/// <param name="Dir">The directory.</param>
/// <param name="Name">The node's name in it.</param>
/// <param name="Mode">File type (S_IFCHR, S_IFBLK or S_IFIFO) and permission bits; the umask is 0 then.</param>
/// <param name="Major">The device's major number.</param>
/// <param name="Minor">Its minor number.</param>
public sealed record MknodOp(FdSlot Dir, string Name, uint Mode, uint Major, uint Minor) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "mknod(2)";

    // The kernel's encoding of a device number in a system call: 12 bits of major, 20 of minor (makedev(3)).
    private long Device => (Minor & 0xff) | (Major << 8) | ((Minor & ~0xffu) << 12);

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.mknodat, [Dir, (long)program.Utf8(Name), Mode, Device]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        string mode = $"0{Convert.ToString(Mode & 0xfff, 8)}";
        if ((Mode & 0xf000) == 0x1000)
        {
            text.Call("mknodat", Dir.ToString(), StraceText.Quote(Name), $"S_IFIFO|{mode}");
            return;
        }

        text.Call(
            "mknodat", Dir.ToString(), StraceText.Quote(Name), $"{((Mode & 0xf000) == 0x2000 ? "S_IFCHR" : "S_IFBLK")}|{mode}",
            $"makedev({Hex(Major)}, {Hex(Minor)})");
    }

    // As C prints "%#x".
    private static string Hex(uint number) => number == 0 ? "0" : $"0x{number:x}";

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) =>
        errno == Errno.EPERM ? new Hint("device nodes cannot be made here: the process lacks CAP_MKNOD in the host's user namespace") : null;
}
