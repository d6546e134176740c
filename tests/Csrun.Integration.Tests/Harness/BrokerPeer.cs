using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A client of the broker that says whatever a test wants; written from docs/design/broker.md, not from csrun's code.</summary>
public sealed class BrokerPeer : IDisposable
{
    /// <summary>The length of a request.</summary>
    public const int RequestSize = 8192;

    private readonly Socket _socket;

    private BrokerPeer(Socket socket) => _socket = socket;

    /// <summary>Connects as a user: the kernel notes the IDs of the thread that connects.</summary>
    public static BrokerPeer Connect(string path, int uid, int gid)
    {
        BrokerPeer? peer = null;
        As(uid, gid, () => peer = Connect(path));
        return peer!;
    }

    /// <summary>Connects as who this thread is.</summary>
    public static BrokerPeer Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new BrokerPeer(socket);
    }

    /// <summary>Does something on a thread that is this user. The C library would change all threads; the system call changes one.</summary>
    public static void As(int uid, int gid, Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Check(syscall(116, 0, 0, 0), "setgroups");
                Check(syscall(119, gid, gid, gid), "setresgid");
                Check(syscall(117, uid, uid, uid), "setresuid");
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException("as another user", failure);
        }
    }

    /// <summary>open(2) with O_PATH and O_CLOEXEC.</summary>
    public static int OpenPath(string path, int more = 0) => Check(open(path, 0x280000 | more), path);

    /// <summary>open(2) for reading.</summary>
    public static int OpenRead(string path) => Check(open(path, 0x80000), path);

    /// <summary>close(2).</summary>
    public static void Close(int fd) => _ = close(fd);

    /// <summary>A request for a mount, well formed.</summary>
    public static byte[] Request((uint OnDisk, uint Shown, uint Size)[] uids, (uint OnDisk, uint Shown, uint Size)[] gids)
    {
        byte[] message = new byte[RequestSize];
        "CSRB"u8.CopyTo(message);
        Put(message, 4, 1);
        Put(message, 8, 1);
        Put(message, 16, (uint)uids.Length);
        Put(message, 20, (uint)gids.Length);
        Lines(message, 32, uids);
        Lines(message, 32 + 340 * 12, gids);
        return message;
    }

    /// <summary>Sends one message with descriptors.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool Send(byte[] message, params int[] fds)
    {
        nint data = Marshal.AllocHGlobal(message.Length + 16), control = Marshal.AllocHGlobal(16 + fds.Length * 4 + 16), iov = Marshal.AllocHGlobal(16), header = Marshal.AllocHGlobal(56);
        try
        {
            Marshal.Copy(message, 0, data, message.Length);
            Marshal.WriteInt64(control, 16 + fds.Length * 4);
            Marshal.WriteInt32(control, 8, 1); // SOL_SOCKET
            Marshal.WriteInt32(control, 12, 1); // SCM_RIGHTS
            for (int i = 0; i < fds.Length; i++)
            {
                Marshal.WriteInt32(control, 16 + i * 4, fds[i]);
            }

            Message(header, iov, data, message.Length, fds.Length == 0 ? 0 : control, fds.Length == 0 ? 0 : 16 + fds.Length * 4);
            return sendmsg((int)_socket.Handle, header, 0x4000) == message.Length;
        }
        finally
        {
            Free(data, control, iov, header);
        }
    }

    /// <summary>Receives the answer: its code and text, and the descriptor that came along or -1.</summary>
    public (uint Code, string Text, int Mount) Receive()
    {
        const int Size = 4096;
        nint data = Marshal.AllocHGlobal(Size), control = Marshal.AllocHGlobal(64), iov = Marshal.AllocHGlobal(16), header = Marshal.AllocHGlobal(56);
        try
        {
            Message(header, iov, data, Size, control, 64);
            int length = Check(recvmsg((int)_socket.Handle, header, 0x40000000), "recvmsg");
            Assert.True(length == Size, $"an answer has {Size} bytes, {length} came");
            byte[] answer = new byte[Size];
            Marshal.Copy(data, answer, 0, Size);
            Assert.Equal("CSRB"u8.ToArray(), answer[..4]);
            int text = (int)BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(12));
            int mount = Marshal.ReadInt64(header, 40) >= 20 ? Marshal.ReadInt32(control, 16) : -1;
            return (BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(8)), Encoding.UTF8.GetString(answer, 16, text), mount);
        }
        finally
        {
            Free(data, control, iov, header);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void Message(nint header, nint iov, nint data, int length, nint control, int controlLength)
    {
        Marshal.WriteIntPtr(iov, data);
        Marshal.WriteInt64(iov, 8, length);
        for (int i = 0; i < 56; i += 8)
        {
            Marshal.WriteInt64(header, i, 0);
        }

        Marshal.WriteIntPtr(header, 16, iov);
        Marshal.WriteInt64(header, 24, 1);
        Marshal.WriteIntPtr(header, 32, control);
        Marshal.WriteInt64(header, 40, controlLength);
    }

    private static void Lines(byte[] message, int at, (uint OnDisk, uint Shown, uint Size)[] lines)
    {
        foreach ((uint onDisk, uint shown, uint size) in lines)
        {
            Put(message, at, onDisk);
            Put(message, at + 4, shown);
            Put(message, at + 8, size);
            at += 12;
        }
    }

    private static void Put(byte[] message, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(at), value);

    private static void Free(params nint[] blocks) => Array.ForEach(blocks, Marshal.FreeHGlobal);

    private static int Check(long result, string what) =>
        result >= 0 ? (int)result : throw new InvalidOperationException($"{what}: errno {Marshal.GetLastPInvokeError()}");

    [DllImport("libc", SetLastError = true)]
    private static extern long syscall(long number, long a0, long a1, long a2);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern int sendmsg(int fd, nint message, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int recvmsg(int fd, nint message, int flags);
}
