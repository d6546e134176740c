using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Child;

/// <summary>The socket pair between csrun and the child: barriers and descriptors one way, the failure report and the terminal the other.</summary>
/// <remarks>
/// SOCK_SEQPACKET, close-on-exec at both ends: end of file at csrun's end means that execve succeeded (or that the child died),
/// end of file at the child's end that csrun died.
/// </remarks>
public sealed unsafe class ControlSocket : IDisposable
{
    /// <summary>How many descriptors one message may carry.</summary>
    public const int MaxFds = 32;

    /// <summary>Bytes of control data for <see cref="MaxFds"/> descriptors: a 16-byte cmsghdr and the ints.</summary>
    internal const int ControlSize = 16 + MaxFds * sizeof(int);

    private const int F_DUPFD_CLOEXEC = 1030;

    /// <summary>socketpair(2).</summary>
    public ControlSocket()
    {
        int* pair = stackalloc int[2];
        // SAFETY: the kernel writes two ints. AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC.
        Sys.Call(Syscall.socketpair, 1, 5 | 0x80000, 0, (nint)pair).OrThrow("socketpair");
        Parent = new SafeFd(pair[0]);
        // At 10 or above: the child moves it to 3, and dup3 onto itself would be an error.
        using SafeFd low = new(pair[1]);
        Child = Sys.Call(Syscall.fcntl, low.Number, F_DUPFD_CLOEXEC, 10).FdOrThrow("fcntl");
    }

    /// <summary>csrun's end.</summary>
    public SafeFd Parent { get; }

    /// <summary>The child's end; csrun closes it after clone3.</summary>
    public SafeFd Child { get; }

    /// <summary>Sends one byte, which is a barrier, with descriptors.</summary>
    public SysResult Send(byte message, ReadOnlySpan<int> fds)
    {
        byte* control = stackalloc byte[ControlSize];
        IoVec iov = new() { iov_base = &message, iov_len = 1 };
        MsgHdr header = new() { msg_iov = &iov, msg_iovlen = 1 };
        if (!fds.IsEmpty)
        {
            header.msg_control = control;
            header.msg_controllen = (nuint)(16 + fds.Length * sizeof(int));
            WriteRightsHeader(control, fds.Length);
            fds.CopyTo(new Span<int>(control + 16, fds.Length));
        }

        // SAFETY: header, iov, control and message live on this stack frame until the call returns. MSG_NOSIGNAL: a dead child is an errno, no SIGPIPE.
        return Sys.Retry(Syscall.sendmsg, Parent.Number, (nint)(&header), 0x4000);
    }

    /// <summary>Receives one message; a value of 0 is end of file.</summary>
    /// <param name="fd">The first descriptor that came with it, or null.</param>
    public SysResult Receive(out SafeFd? fd) => Receive(out _, out fd);

    /// <summary>Receives one message; a value of 0 is end of file.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="fd">The first descriptor that came with it, or null.</param>
    public SysResult Receive(out ControlMessage kind, out SafeFd? fd)
    {
        fd = null;
        kind = default;
        byte message = 0;
        byte* control = stackalloc byte[ControlSize];
        IoVec iov = new() { iov_base = &message, iov_len = 1 };
        MsgHdr header = new() { msg_iov = &iov, msg_iovlen = 1, msg_control = control, msg_controllen = ControlSize };
        // SAFETY: as in Send; MSG_CMSG_CLOEXEC closes what arrives on exec.
        SysResult result = Sys.Retry(Syscall.recvmsg, Parent.Number, (nint)(&header), 0x40000000);
        if (result.Ok && header.msg_controllen >= 20 && *(int*)(control + 8) == 1 && *(int*)(control + 12) == 1)
        {
            fd = new SafeFd(*(int*)(control + 16));
        }

        kind = result is { Ok: true, Value: > 0 } ? (ControlMessage)message : default;
        return result;
    }

    /// <summary>Writes a cmsghdr for SCM_RIGHTS with <paramref name="count"/> descriptors.</summary>
    internal static void WriteRightsHeader(byte* control, int count)
    {
        *(nuint*)control = (nuint)(16 + count * sizeof(int)); // cmsg_len
        *(int*)(control + 8) = 1; // SOL_SOCKET
        *(int*)(control + 12) = 1; // SCM_RIGHTS
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parent.Dispose();
        Child.Dispose();
    }
}
