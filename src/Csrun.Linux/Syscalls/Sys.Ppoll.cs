using Csrun.Linux.Abi;

namespace Csrun.Linux;

/// <summary>An entry of ppoll(2).</summary>
/// <param name="Fd">The descriptor; negative ones are passed over.</param>
/// <param name="Events">What to wait for: 1 POLLIN, 4 POLLOUT.</param>
/// <param name="Revents">What happened; also 8 POLLERR, 16 POLLHUP.</param>
public record struct PollFd(int Fd, short Events, short Revents);

public static unsafe partial class Sys
{
    /// <summary>ppoll(2) without a time limit; EINTR is returned, so that the caller can look around.</summary>
    public static SysResult Ppoll(Span<PollFd> fds)
    {
        // SAFETY: PollFd is struct pollfd: int, short, short.
        fixed (PollFd* p = fds)
        {
            return Call(Syscall.ppoll, (nint)p, fds.Length, 0, 0, 8);
        }
    }

    /// <summary>ppoll(2) with a time limit; EINTR is returned.</summary>
    /// <param name="fds">What to wait for.</param>
    /// <param name="milliseconds">The limit; negative: none.</param>
    public static SysResult Ppoll(Span<PollFd> fds, long milliseconds)
    {
        long* timeout = stackalloc long[2] { milliseconds / 1000, milliseconds % 1000 * 1_000_000 };
        // SAFETY: PollFd is struct pollfd; struct timespec is two longs on this frame.
        fixed (PollFd* p = fds)
        {
            return Call(Syscall.ppoll, (nint)p, fds.Length, milliseconds < 0 ? 0 : (nint)timeout, 0, 8);
        }
    }
}
