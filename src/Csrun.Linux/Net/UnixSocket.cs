using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Net;

/// <summary>Unix sockets, mostly of type SOCK_SEQPACKET: whole messages, and descriptors with them.</summary>
/// <remarks>unix(7). System.Net.Sockets starts threads, and cannot receive descriptors.</remarks>
public static unsafe partial class UnixSocket
{
    private const int AF_UNIX = 1;
    private const int SOCK_STREAM = 1;
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOCK_NONBLOCK = 0x800;
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;
    private const int SO_RCVTIMEO = 20;
    private const int SO_SNDTIMEO = 21;
    private const int SO_ACCEPTCONN = 30;

    /// <summary>The longest path of a socket: sun_path has 108 bytes with the zero.</summary>
    public const int MaxPath = 107;

    /// <summary>socket(2), bind(2), listen(2): a non-blocking socket that waits for connections at a path, which must not exist.</summary>
    /// <param name="path">The path, at most <see cref="MaxPath"/> bytes.</param>
    /// <param name="backlog">How many connections may wait.</param>
    /// <param name="socket">The socket, when the calls succeeded.</param>
    public static SysResult TryListen(string path, int backlog, out SafeFd? socket)
    {
        socket = null;
        SysResult made = Sys.Call(Syscall.socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (!made.Ok)
        {
            return made;
        }

        SafeFd fd = new(made.Int);
        SysResult bound = WithAddress(path, fd, Syscall.bind);
        SysResult result = bound.Ok ? Sys.Call(Syscall.listen, fd.Number, backlog) : bound;
        if (result.Ok)
        {
            socket = fd;
        }
        else
        {
            fd.Dispose();
        }

        return result;
    }

    /// <summary>socket(2), connect(2). Reads and writes on the socket, and the connection itself, wait no longer than the limit (EAGAIN).</summary>
    /// <param name="path">The path, at most <see cref="MaxPath"/> bytes.</param>
    /// <param name="milliseconds">The limit of each call.</param>
    /// <param name="socket">The socket, when the calls succeeded.</param>
    public static SysResult TryConnect(string path, int milliseconds, out SafeFd? socket)
    {
        socket = null;
        SysResult made = Sys.Call(Syscall.socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (!made.Ok)
        {
            return made;
        }

        SafeFd fd = new(made.Int);
        long* timeout = stackalloc long[2] { milliseconds / 1000, milliseconds % 1000 * 1000 };
        // SAFETY: struct timeval of two longs on this frame.
        Sys.Call(Syscall.setsockopt, fd.Number, SOL_SOCKET, SO_RCVTIMEO, (nint)timeout, 2 * sizeof(long));
        Sys.Call(Syscall.setsockopt, fd.Number, SOL_SOCKET, SO_SNDTIMEO, (nint)timeout, 2 * sizeof(long));
        SysResult connected = WithAddress(path, fd, Syscall.connect);
        if (connected.Ok)
        {
            socket = fd;
        }
        else
        {
            fd.Dispose();
        }

        return connected;
    }

    /// <summary>socket(2) with SOCK_STREAM, connect(2): what engines listen on for a container's terminal.</summary>
    /// <param name="path">The path, at most <see cref="MaxPath"/> bytes.</param>
    /// <param name="socket">The socket, when the calls succeeded.</param>
    public static SysResult TryConnectStream(string path, out SafeFd? socket)
    {
        SysResult made = Sys.Call(Syscall.socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        socket = made.Ok ? new SafeFd(made.Int) : null;
        SysResult connected = made.Ok ? WithAddress(path, socket!, Syscall.connect) : made;
        if (!connected.Ok)
        {
            socket?.Dispose();
            socket = null;
        }

        return connected;
    }

    /// <summary>accept4(2): a connection, non-blocking; EAGAIN where none waits.</summary>
    public static SysResult TryAccept(SafeFd listener, out SafeFd? connection)
    {
        SysResult result = Sys.Retry(Syscall.accept4, listener.Number, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
        GC.KeepAlive(listener);
        connection = result.Ok ? new SafeFd(result.Int) : null;
        return result;
    }

    /// <summary>Who is at the other end: SO_PEERCRED, noted by the kernel at connect(2).</summary>
    /// <exception cref="KernelException">The descriptor is no connected Unix socket.</exception>
    public static PeerCredentials Peer(SafeFd connection)
    {
        int* credentials = stackalloc int[3];
        int length = 12;
        // SAFETY: struct ucred is three ints.
        Sys.Call(Syscall.getsockopt, connection.Number, SOL_SOCKET, SO_PEERCRED, (nint)credentials, (nint)(&length)).OrThrow("getsockopt(SO_PEERCRED)");
        GC.KeepAlive(connection);
        return new PeerCredentials(credentials[0], (uint)credentials[1], (uint)credentials[2]);
    }

    /// <summary>Whether a descriptor is a socket that listens: what a service manager hands over.</summary>
    public static bool IsListening(SafeFd fd)
    {
        int listening = 0;
        int length = sizeof(int);
        // SAFETY: the kernel writes one int.
        SysResult result = Sys.Call(Syscall.getsockopt, fd.Number, SOL_SOCKET, SO_ACCEPTCONN, (nint)(&listening), (nint)(&length));
        GC.KeepAlive(fd);
        return result.Ok && listening == 1;
    }

    private static SysResult WithAddress(string path, SafeFd fd, Syscall call)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > MaxPath)
        {
            return new SysResult(-1, Errno.ENAMETOOLONG);
        }

        // struct sockaddr_un: the family in two bytes, then the path with its zero.
        byte* address = stackalloc byte[2 + MaxPath + 1];
        new Span<byte>(address, 2 + MaxPath + 1).Clear();
        *(ushort*)address = AF_UNIX;
        Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, MaxPath));
        // SAFETY: the address lives on this frame until the call returns.
        SysResult result = Sys.Retry(call, fd.Number, (nint)address, 2 + bytes + 1);
        GC.KeepAlive(fd);
        return result;
    }
}
