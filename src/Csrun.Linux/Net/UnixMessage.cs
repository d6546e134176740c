using Csrun.Linux.Handles;

namespace Csrun.Linux.Net;

/// <summary>What came with one message of a SOCK_SEQPACKET socket.</summary>
/// <param name="Length">How many bytes the sender sent, which may be more than the buffer took; 0: the other end is closed.</param>
/// <param name="Descriptors">The descriptors that came along, close-on-exec; the receiver owns them.</param>
/// <param name="Truncated">Whether the message or its control data was longer than there was room for (MSG_TRUNC, MSG_CTRUNC).
/// Descriptors without room were never made by the kernel; those with room are in <paramref name="Descriptors"/> all the same.</param>
/// <remarks>recvmsg(2), unix(7).</remarks>
public readonly record struct UnixMessage(int Length, SafeFd[] Descriptors, bool Truncated)
{
    /// <summary>Closes the descriptors.</summary>
    public void Close()
    {
        foreach (SafeFd fd in Descriptors ?? [])
        {
            fd.Dispose();
        }
    }
}
