using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Brings the loopback interface of the new network namespace up; the kernel then gives it 127.0.0.1 and ::1.</summary>
/// <remarks>netdevice(7): SIOCSIFFLAGS with IFF_UP.</remarks>
/// <param name="Socket">The slot of the socket that the request goes through.</param>
public sealed record LoopbackOp(FdSlot Socket) : KernelOp
{
    private const long SIOCSIFFLAGS = 0x8914;

    /// <inheritdoc/>
    public override string ManPage => "netdevice(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct ifreq: 16 bytes of name, then the flags (IFF_UP = 1); 40 bytes.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        "lo"u8.CopyTo(request);
        request[16] = 1;
        program.Call(Syscall.socket, [1, 2 | 0x80000, 0], Socket); // AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC: works without IPv4 in the kernel, too
        program.Call(Syscall.ioctl, [Socket, SIOCSIFFLAGS, (long)program.Bytes(request)]);
        program.Call(Syscall.close, [Socket]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Socket, "socket", "AF_UNIX", "SOCK_DGRAM|SOCK_CLOEXEC", "0");
        text.Call("ioctl", Socket.ToString(), "SIOCSIFFLAGS", "{ifr_name=\"lo\", ifr_flags=IFF_UP}");
        text.Call("close", Socket.ToString());
    }
}
