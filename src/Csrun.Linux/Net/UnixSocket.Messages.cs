using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Net;

public static unsafe partial class UnixSocket
{
    /// <summary>As many descriptors as one message can carry (SCM_MAX_FD of the kernel).</summary>
    public const int MaxDescriptors = 253;

    private const int MSG_CTRUNC = 0x8;
    private const int MSG_TRUNC = 0x20;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;
    private const int SCM_RIGHTS = 1;

    /// <summary>sendmsg(2): one message with descriptors.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="message">The bytes; at least one.</param>
    /// <param name="descriptors">What goes along; at most <see cref="MaxDescriptors"/>.</param>
    /// <param name="wait">Whether to wait for room in the socket's buffer; EAGAIN otherwise.</param>
    public static SysResult Send(SafeFd socket, ReadOnlySpan<byte> message, ReadOnlySpan<SafeFd> descriptors, bool wait = true)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        byte* control = stackalloc byte[16 + MaxDescriptors * sizeof(int)];
        // SAFETY: the message is pinned, everything else is on this frame, until the call returns. MSG_NOSIGNAL: a peer that is gone is an errno.
        fixed (byte* bytes = message)
        {
            IoVec iov = new() { iov_base = bytes, iov_len = (nuint)message.Length };
            MsgHdr header = new() { msg_iov = &iov, msg_iovlen = 1 };
            if (!descriptors.IsEmpty)
            {
                ControlSocket.WriteRightsHeader(control, descriptors.Length);
                for (int i = 0; i < descriptors.Length; i++)
                {
                    ((int*)(control + 16))[i] = descriptors[i].Number;
                }

                header.msg_control = control;
                header.msg_controllen = (nuint)(16 + descriptors.Length * sizeof(int));
            }

            SysResult result = Sys.Retry(Syscall.sendmsg, socket.Number, (nint)(&header), MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
            GC.KeepAlive(socket);
            foreach (SafeFd fd in descriptors)
            {
                GC.KeepAlive(fd);
            }

            return result;
        }
    }

    /// <summary>recvmsg(2): one message, with every descriptor that came along.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="room">For how many descriptors there is room. The kernel makes no more of them, and says MSG_CTRUNC.</param>
    /// <param name="message">What came; its descriptors are the caller's to close, even where it is truncated.</param>
    public static SysResult Receive(SafeFd socket, Span<byte> buffer, int room, out UnixMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(room, MaxDescriptors);
        int size = 16 + room * sizeof(int);
        byte* control = stackalloc byte[16 + (MaxDescriptors + 1) * sizeof(int)];
        // SAFETY: the buffer is pinned, everything else is on this frame, until the call returns.
        fixed (byte* bytes = buffer)
        {
            IoVec iov = new() { iov_base = bytes, iov_len = (nuint)buffer.Length };
            MsgHdr header = new() { msg_iov = &iov, msg_iovlen = 1, msg_control = control, msg_controllen = (nuint)size };
            // MSG_TRUNC: the length that was sent, not the one that was taken.
            SysResult result = Sys.Retry(Syscall.recvmsg, socket.Number, (nint)(&header), MSG_CMSG_CLOEXEC | MSG_TRUNC);
            GC.KeepAlive(socket);
            message = result.Ok
                ? new UnixMessage(result.Int, Descriptors(control, header.msg_controllen), (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
                : new UnixMessage(0, [], false);
            return result;
        }
    }

    // SAFETY: the kernel wrote `length` bytes of control messages, each with its own length in front (cmsg(3)).
    private static SafeFd[] Descriptors(byte* control, nuint length)
    {
        List<SafeFd> found = [];
        for (nuint at = 0; at + 16 <= length;)
        {
            nuint one = *(nuint*)(control + at);
            if (one < 16 || at + one > length)
            {
                break;
            }

            if (*(int*)(control + at + 8) == SOL_SOCKET && *(int*)(control + at + 12) == SCM_RIGHTS)
            {
                for (nuint offset = 16; offset + sizeof(int) <= one; offset += sizeof(int))
                {
                    found.Add(new SafeFd(*(int*)(control + at + offset)));
                }
            }

            at += (one + 7) & ~(nuint)7;
        }

        return [.. found];
    }
}
