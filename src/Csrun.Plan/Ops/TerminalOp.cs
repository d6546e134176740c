using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Makes a terminal in the container's own devpts: the master goes to csrun, the other end becomes a mount source and the standard streams.</summary>
/// <remarks>pty(7). TIOCGPTPEER (Linux 4.13) opens the other end without a path that the image could redirect (CVE-2025-52565).</remarks>
/// <param name="Devpts">The container's devpts mount.</param>
/// <param name="Master">The slot of the master.</param>
/// <param name="Peer">The slot of the other end.</param>
/// <param name="Control">The child's end of the control socket.</param>
/// <param name="Rows">Rows of the window at the start, 0 when unknown.</param>
/// <param name="Columns">Columns likewise.</param>
public sealed record TerminalOp(FdSlot Devpts, FdSlot Master, FdSlot Peer, FdSlot Control, ushort Rows, ushort Columns) : KernelOp
{
    private const long TIOCSPTLCK = 0x40045431;
    private const long TIOCGPTPEER = 0x5441;
    private const long TIOCSWINSZ = 0x5414;

    private static OpenFlags Flags => OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC;

    /// <inheritdoc/>
    public override string ManPage => "pty(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.openat, [Devpts, (long)program.Utf8("ptmx"), Flags.ForKernel(), 0], Master);
        program.Call(Syscall.ioctl, [Master, TIOCSPTLCK, (long)program.Zeroed(4)]);
        program.Call(Syscall.ioctl, [Master, TIOCGPTPEER, Flags.ForKernel()], Peer);
        if (Rows != 0)
        {
            ReadOnlySpan<byte> size = [(byte)Rows, (byte)(Rows >> 8), (byte)Columns, (byte)(Columns >> 8), 0, 0, 0, 0];
            program.Call(Syscall.ioctl, [Master, TIOCSWINSZ, (long)program.Bytes(size)]);
        }

        program.SendFd(Control, Master, ControlMessage.Terminal);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Master, "openat", Devpts.ToString(), "\"ptmx\"", "O_RDWR|O_NOCTTY|O_CLOEXEC");
        text.Call("ioctl", Master.ToString(), "TIOCSPTLCK", "[0]");
        text.Call(Peer, "ioctl", Master.ToString(), "TIOCGPTPEER", "...");
        if (Rows != 0)
        {
            text.Call("ioctl", Master.ToString(), "TIOCSWINSZ", $"{{ws_row={Rows}, ws_col={Columns}, ws_xpixel=0, ws_ypixel=0}}");
        }

        text.Call("sendmsg", Control.ToString(), "...");
    }
}
