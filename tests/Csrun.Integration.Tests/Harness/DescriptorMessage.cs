using System.Runtime.InteropServices;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A message of a Unix socket with a descriptor in it, which .NET's sockets do not receive.</summary>
public static class DescriptorMessage
{
    /// <summary>recvmsg(2).</summary>
    /// <param name="socket">The socket.</param>
    /// <returns>The bytes, none at the end of file, and the first descriptor, or -1.</returns>
    public static (byte[] Bytes, int Descriptor) Receive(int socket)
    {
        nint buffer = Marshal.AllocHGlobal(65536), iov = Marshal.AllocHGlobal(16), control = Marshal.AllocHGlobal(64), message = Marshal.AllocHGlobal(56);
        try
        {
            for (int i = 0; i < 56; i++)
            {
                Marshal.WriteByte(message, i, 0);
            }

            Marshal.WriteIntPtr(iov, buffer);
            Marshal.WriteIntPtr(iov, 8, 65536);
            Marshal.WriteIntPtr(message, 16, iov);
            Marshal.WriteIntPtr(message, 24, 1);
            Marshal.WriteIntPtr(message, 32, control);
            Marshal.WriteIntPtr(message, 40, 64);
            int length = Math.Max(0, (int)recvmsg(socket, message, 0x40000000)); // MSG_CMSG_CLOEXEC
            byte[] bytes = new byte[length];
            Marshal.Copy(buffer, bytes, 0, length);
            return (bytes, Marshal.ReadIntPtr(message, 40) >= 20 ? Marshal.ReadInt32(control, 16) : -1);
        }
        finally
        {
            foreach (nint memory in (nint[])[buffer, iov, control, message])
            {
                Marshal.FreeHGlobal(memory);
            }
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint recvmsg(int fd, nint message, int flags);
}
