using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Net;

/// <summary>A TCP connection, made and used synchronously: no thread, no event loop (System.Net.Sockets starts both).</summary>
public sealed unsafe partial class TcpConnection : IDisposable
{
    private const int AF_UNSPEC = 0;
    private const int SOCK_STREAM = 1;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1;
    private const int SO_RCVTIMEO = 20;
    private const int SO_SNDTIMEO = 21;

    private TcpConnection(SafeFd fd) => Fd = fd;

    /// <summary>The socket.</summary>
    public SafeFd Fd { get; }

    /// <summary>Connects to the first address of a host that answers.</summary>
    /// <param name="host">A name, or an address without brackets.</param>
    /// <param name="port">The port.</param>
    /// <param name="timeoutSeconds">For the connection and for each read and write after it.</param>
    /// <exception cref="CsrunException">The name has no address, or none of them answers.</exception>
    public static TcpConnection Open(string host, int port, int timeoutSeconds)
    {
        AddrInfo hints = new() { family = AF_UNSPEC, socktype = SOCK_STREAM };
        AddrInfo* list = null;
        int code;
        // SAFETY: both strings are pinned and end with a zero; the list is freed below, once.
        fixed (byte* name = Sys.CString(host), service = Sys.CString(port.ToString()))
        {
            code = getaddrinfo(name, service, &hints, &list);
        }

        if (code != 0)
        {
            throw new CsrunException(
                $"cannot find the address of {host}",
                $"name resolution failed: {Describe(code)}",
                "check the network connection and /etc/resolv.conf");
        }

        try
        {
            Errno errno = Errno.None;
            for (AddrInfo* address = list; address is not null; address = address->next)
            {
                SysResult result = Connect(address, timeoutSeconds);
                if (result.Ok)
                {
                    return new TcpConnection(new SafeFd(result.Int));
                }

                errno = result.Errno;
            }

            // A connect(2) that SO_SNDTIMEO ends answers EINPROGRESS (socket(7)).
            errno = errno is Errno.EINPROGRESS or Errno.EAGAIN ? Errno.ETIMEDOUT : errno;
            throw new KernelException("connect", $"{host}:{port}", errno, Why(errno, host, port, timeoutSeconds), "check the network connection, or set https_proxy if there is a proxy");
        }
        finally
        {
            // SAFETY: from getaddrinfo, not used any more.
            freeaddrinfo(list);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private static SysResult Connect(AddrInfo* address, int timeoutSeconds)
    {
        SysResult made = Sys.Call(Syscall.socket, address->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (!made.Ok)
        {
            return made;
        }

        long* timeout = stackalloc long[2] { timeoutSeconds, 0 };
        // SAFETY: struct timeval of two longs on this frame; the address and its length come from getaddrinfo.
        Sys.Call(Syscall.setsockopt, made.Value, SOL_SOCKET, SO_RCVTIMEO, (nint)timeout, 2 * sizeof(long));
        Sys.Call(Syscall.setsockopt, made.Value, SOL_SOCKET, SO_SNDTIMEO, (nint)timeout, 2 * sizeof(long));
        SysResult connected = Sys.Call(Syscall.connect, made.Value, address->addr, (nint)address->addrlen);
        if (connected.Ok)
        {
            return made;
        }

        Sys.Close(made.Int);
        return connected;
    }

    private static string? Why(Errno errno, string host, int port, int timeoutSeconds) => errno switch
    {
        Errno.ECONNREFUSED => $"nothing listens on port {port} of {host}",
        Errno.ENETUNREACH => "this machine has no route to that network",
        Errno.EHOSTUNREACH => "no router knows the way to that host",
        Errno.ETIMEDOUT => $"no answer within {timeoutSeconds} seconds",
        _ => null,
    };

    // netdb.h; the numbers are glibc's and musl's.
    private static string Describe(int code) => code switch
    {
        -2 => $"the name is not known (EAI_NONAME)",
        -3 => "no name server answers (EAI_AGAIN)",
        -4 => "the name server failed (EAI_FAIL)",
        -5 => "the name has no address (EAI_NODATA)",
        -10 => "out of memory (EAI_MEMORY)",
        -11 => "a system call failed (EAI_SYSTEM)",
        _ => $"getaddrinfo error {code}",
    };

    [LibraryImport("libc")]
    private static partial int getaddrinfo(byte* node, byte* service, AddrInfo* hints, AddrInfo** res);

    [LibraryImport("libc")]
    private static partial void freeaddrinfo(AddrInfo* res);

    // struct addrinfo (netdb.h).
    [StructLayout(LayoutKind.Sequential)]
    private struct AddrInfo
    {
        public int flags;
        public int family;
        public int socktype;
        public int protocol;
        public uint addrlen;
        public nint addr;
        public nint canonname;
        public AddrInfo* next;
    }
}
