namespace Csrun.Linux.Net;

/// <summary>A TLS connection as a client, by the system's OpenSSL: 1.2 or newer, certificate and host name verified.</summary>
/// <remarks>Not System.Net.Security: that and HttpClient add 4.9 MB to a native binary of 1.2 MB, this 0.1 (docs/adr/0011-https.md).
/// Trust is the system's; SSL_CERT_FILE and SSL_CERT_DIR are OpenSSL's own variables.</remarks>
public sealed unsafe class TlsConnection : IDisposable
{
    private const int SSL_VERIFY_PEER = 1;
    private const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    private const int TLS1_2_VERSION = 0x0303;
    private const int SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
    private const int SSL_ERROR_SSL = 1;
    private const int SSL_ERROR_WANT_READ = 2;
    private const int SSL_ERROR_SYSCALL = 5;
    private const int SSL_ERROR_ZERO_RETURN = 6;

    private readonly OpenSsl _openSsl;
    private readonly TcpConnection _tcp;
    private readonly string _host;
    private nint _context;
    private nint _ssl;

    /// <summary>Shakes hands over a connection; owns it from then on, also when that fails.</summary>
    /// <param name="tcp">The connection.</param>
    /// <param name="host">Who must be at the other end: a name, or an address.</param>
    /// <exception cref="CsrunException">OpenSSL is not installed, or the other end is not <paramref name="host"/>.</exception>
    public TlsConnection(TcpConnection tcp, string host)
    {
        _tcp = tcp;
        _host = host;
        try
        {
            _openSsl = OpenSsl.Load();
            Handshake();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads some bytes.</summary>
    /// <returns>How many; 0 when the other end has closed the connection, properly or not.</returns>
    public int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        // SAFETY: pinned for the call and passed with its length; the connection is live.
        fixed (byte* p = buffer)
        {
            _openSsl.ClearErrors();
            int read = _openSsl.Read(_ssl, p, buffer.Length);
            return read > 0 ? read : _openSsl.GetError(_ssl, read) switch
            {
                SSL_ERROR_ZERO_RETURN => 0,
                // SO_RCVTIMEO: the socket would block.
                SSL_ERROR_WANT_READ => throw new CsrunException($"{_host} sends nothing any more", "the connection stood still for as long as the timeout", "run the command again"),
                // A cut shows as either of the two; whoever knows the length sees it by the length.
                SSL_ERROR_SYSCALL or SSL_ERROR_SSL => 0,
                int other => throw new CsrunException($"reading from {_host} failed", $"SSL_read: error {other}"),
            };
        }
    }

    /// <summary>Writes all of <paramref name="data"/>.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        // SAFETY: as in Read. Partial writes are off, which is OpenSSL's default.
        fixed (byte* p = data)
        {
            if (_openSsl.Write(_ssl, p, data.Length) <= 0)
            {
                throw new CsrunException($"writing to {_host} failed", _openSsl.LastError() ?? "the connection was closed", "run the command again");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // SAFETY: each was made by OpenSSL and is freed once.
        if (_ssl != 0)
        {
            _openSsl.Free(_ssl);
            _ssl = 0;
        }

        if (_context != 0)
        {
            _openSsl.ContextFree(_context);
            _context = 0;
        }

        _tcp.Dispose();
    }

    private void Handshake()
    {
        _context = _openSsl.ContextNew(_openSsl.ClientMethod());
        if (_context == 0)
        {
            throw new CsrunException("OpenSSL cannot make a context", _openSsl.LastError());
        }

        _openSsl.ContextControl(_context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, 0);
        _openSsl.ContextDefaultVerifyPaths(_context);
        _openSsl.ContextSetVerify(_context, SSL_VERIFY_PEER, 0);
        _ssl = _openSsl.New(_context);
        bool named;
        // SAFETY: the name is pinned and ends with a zero; OpenSSL copies it.
        fixed (byte* name = Sys.CString(_host))
        {
            // The last label of a name is never all digits (RFC 3696, 2).
            bool address = _host.Contains(':', StringComparison.Ordinal) || char.IsAsciiDigit(_host[^1]);
            named = address
                ? _openSsl.VerifyParamSetIp(_openSsl.GetVerifyParam(_ssl), name) == 1
                : _openSsl.SetHost(_ssl, name) == 1 && _openSsl.Control(_ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, name) == 1;
        }

        if (!named || _openSsl.SetFd(_ssl, _tcp.Fd.Number) != 1)
        {
            throw new CsrunException($"OpenSSL cannot be told to expect {_host}", _openSsl.LastError());
        }

        // SSL_get_error looks at the thread's queue: what an earlier connection left there is none of this one's.
        _openSsl.ClearErrors();
        int connected = _openSsl.Connect(_ssl);
        if (connected == 1)
        {
            return;
        }

        int error = _openSsl.GetError(_ssl, connected);
        nint verify = _openSsl.GetVerifyResult(_ssl);
        if (verify != 0)
        {
            throw new CsrunException(
                $"the TLS certificate of {_host} is refused",
                _openSsl.VerifyText(verify),
                "sudo apt install ca-certificates; for an authority of your own: SSL_CERT_FILE=FILE csrun ...");
        }

        throw new CsrunException(
            $"no TLS connection with {_host}",
            error == SSL_ERROR_WANT_READ ? "it does not answer the handshake" : _openSsl.LastError() ?? "it closed the connection during the handshake");
    }
}
