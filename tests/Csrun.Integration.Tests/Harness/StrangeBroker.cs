using System.Net.Sockets;

namespace Csrun.Integration.Tests.Harness;

/// <summary>Who listens at the broker's socket and is no broker of csrun's version: it never answers, or answers with these bytes.</summary>
public sealed class StrangeBroker : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly List<Socket> _accepted = [];
    private readonly byte[]? _answer;
    private readonly Thread _thread;

    /// <summary>Listens.</summary>
    /// <param name="path">Where; everybody may connect.</param>
    /// <param name="answer">What everybody is told; null for nothing.</param>
    public StrangeBroker(string path, byte[]? answer)
    {
        _answer = answer;
        // Under another name: .NET would remove the one it was bound to at the end, as no real broker that dies does.
        _listener.Bind(new UnixDomainSocketEndPoint(path + "-new"));
        File.Move(path + "-new", path);
        File.SetUnixFileMode(path, (UnixFileMode)0x1b6);
        _listener.Listen(8);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>An answer of the protocol's: 4096 bytes, beginning with magic, version, code and the length of the text.</summary>
    public static byte[] Answer(uint version, uint code, string text)
    {
        byte[] answer = new byte[4096];
        "CSRB"u8.CopyTo(answer);
        BitConverter.TryWriteBytes(answer.AsSpan(4), version);
        BitConverter.TryWriteBytes(answer.AsSpan(8), code);
        BitConverter.TryWriteBytes(answer.AsSpan(12), System.Text.Encoding.UTF8.GetBytes(text, answer.AsSpan(16)));
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        _accepted.ForEach(socket => socket.Dispose());
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.Accept();
                _accepted.Add(socket);
                if (_answer is not null && socket.Receive(new byte[BrokerPeer.RequestSize]) != 0)
                {
                    socket.Send(_answer);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over, or who asked has gone.
        }
    }
}
