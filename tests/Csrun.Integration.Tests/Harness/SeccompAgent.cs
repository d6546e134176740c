using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Csrun.Integration.Tests.Harness;

/// <summary>An agent for SCMP_ACT_NOTIFY: listens at a socket, takes listeners, answers mkdir with an errno and lets everything else go on.</summary>
public sealed class SeccompAgent : IDisposable
{
    /// <summary>What mkdir fails with: EDQUOT.</summary>
    public const string Answer = "uota exceeded";

    private const int Number = 122;
    private const nuint Receive = 0xC0502100, Send = 0xC0182101; // SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly BlockingCollection<JsonElement> _states = [];
    private volatile bool _over;

    /// <summary>Listens; everybody may connect.</summary>
    public SeccompAgent(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0x1b6);
        _socket.Listen(8);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>The next state that came with a listener, once its connection has been closed.</summary>
    public JsonElement Next() => _states.TryTake(out JsonElement state, TimeSpan.FromSeconds(20)) ? state : throw new TimeoutException("no listener came");

    /// <inheritdoc/>
    public void Dispose()
    {
        _over = true;
        _socket.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                using Socket connection = _socket.Accept();
                Take((int)connection.Handle);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Take(int connection)
    {
        (byte[] text, int listener) = DescriptorMessage.Receive(connection);
        if (text.Length == 0)
        {
            return; // csrun failed before there was a listener
        }

        // The runtime closes the connection: nothing more comes.
        string state = DescriptorMessage.Receive(connection).Bytes.Length == 0 ? Encoding.UTF8.GetString(text) : "\"the connection stays open\"";
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
        _states.Add(JsonDocument.Parse(state).RootElement);
    }

    private void Serve(int listener)
    {
        nint request = Marshal.AllocHGlobal(80), answer = Marshal.AllocHGlobal(24), pollfd = Marshal.AllocHGlobal(8);
        while (!_over)
        {
            Marshal.WriteInt32(pollfd, listener);
            Marshal.WriteInt32(pollfd, 4, 1); // POLLIN
            if (poll(pollfd, 1, 50) <= 0)
            {
                continue;
            }

            for (int i = 0; i < 80; i++)
            {
                Marshal.WriteByte(request, i, 0);
            }

            if (ioctl(listener, Receive, request) != 0)
            {
                break; // ENOENT: whoever asked has gone
            }

            int call = Marshal.ReadInt32(request, 16);
            bool mkdir = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? call is 83 or 258 : call == 34;
            Marshal.WriteInt64(answer, Marshal.ReadInt64(request));
            Marshal.WriteInt64(answer, 8, 0);
            Marshal.WriteInt32(answer, 16, mkdir ? -Number : 0);
            Marshal.WriteInt32(answer, 20, mkdir ? 0 : 1); // SECCOMP_USER_NOTIF_FLAG_CONTINUE
            _ = ioctl(listener, Send, answer);
        }

        _ = close(listener);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int fd, nuint request, nint argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(nint fds, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int fd);
}
