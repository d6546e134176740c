using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Makes the terminal the session's controlling one and the three standard streams.</summary>
/// <remarks>ioctl_tty(2), TIOCSCTTY; after setsid(2).</remarks>
/// <param name="Peer">The terminal's end in the container.</param>
public sealed record ControllingTerminalOp(FdSlot Peer) : KernelOp
{
    private const long TIOCSCTTY = 0x540E;

    /// <inheritdoc/>
    public override string ManPage => "ioctl_tty(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.ioctl, [Peer, TIOCSCTTY, 0]);
        for (int fd = 0; fd < 3; fd++)
        {
            program.Call(Syscall.dup3, [Peer, fd, 0]);
        }
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("ioctl", Peer.ToString(), "TIOCSCTTY", "0");
        for (int fd = 0; fd < 3; fd++)
        {
            text.Call("dup3", Peer.ToString(), fd.ToString(), "0");
        }
    }
}
