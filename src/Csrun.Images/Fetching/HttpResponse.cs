using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Net;

namespace Csrun.Images.Fetching;

/// <summary>The answer to one GET over a connection that is closed after it (RFC 9112).</summary>
internal sealed class HttpResponse
{
    private const int HeaderLimit = 64 * 1024;
    private readonly TlsConnection _connection;
    private readonly HttpsUrl _url;
    private readonly byte[] _buffer = new byte[HeaderLimit];
    private int _start;
    private int _end;
    private bool _chunked;
    private long _left;

    private HttpResponse(TlsConnection connection, HttpsUrl url)
    {
        _connection = connection;
        _url = url;
    }

    /// <summary>The status code.</summary>
    internal int Status { get; private set; }

    /// <summary>The reason phrase, for messages.</summary>
    internal string Reason { get; private set; } = "";

    /// <summary>The Location header, or null.</summary>
    internal string? Location { get; private set; }

    /// <summary>The length of the body in bytes, or -1 when the server does not say.</summary>
    internal long Length { get; private set; } = -1;

    /// <summary>Sends the request and reads the header.</summary>
    internal static HttpResponse Get(TlsConnection connection, HttpsUrl url)
    {
        connection.Write(Encoding.ASCII.GetBytes(
            $"GET {url.Path} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: csrun\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"));
        HttpResponse response = new(connection, url);
        response.ReadHeader();
        return response;
    }

    /// <summary>Reads some bytes of the body.</summary>
    /// <returns>How many; 0 at its end.</returns>
    /// <exception cref="CsrunException">The connection was cut before it.</exception>
    internal int Read(Span<byte> buffer)
    {
        if (_chunked && _left == 0 && !NextChunk())
        {
            return 0;
        }

        if (_left == 0)
        {
            return 0;
        }

        int count = Raw(_left < 0 ? buffer : buffer[..(int)Math.Min(_left, buffer.Length)]);
        if (count == 0)
        {
            return _left < 0 ? 0 : throw Cut();
        }

        if (_left > 0)
        {
            _left -= count;
            if (_chunked && _left == 0 && Line().Length > 0)
            {
                throw Strange("a chunk is longer than it says");
            }
        }

        return count;
    }

    private void ReadHeader()
    {
        string[] status = Line().Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            throw Strange("its answer does not start with a status line of HTTP/1.1");
        }

        Status = code;
        Reason = status.Length > 2 ? status[2] : "";
        int size = 0;
        for (string line = Line(); line.Length > 0; line = Line())
        {
            size += line.Length;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || size > HeaderLimit)
            {
                throw Strange("its header is malformed or larger than 64 KiB");
            }

            string value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToLowerInvariant())
            {
                case "location":
                    Location = value;
                    break;
                case "content-length":
                    Length = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : throw Strange("its Content-Length is no number");
                    break;
                case "transfer-encoding":
                    _chunked = value.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? true : throw Strange($"its Transfer-Encoding is {value}");
                    break;
                case "content-encoding" when !value.Equals("identity", StringComparison.OrdinalIgnoreCase):
                    throw Strange($"it encodes the file as {value}, which nobody asked for");
            }
        }

        Length = _chunked ? -1 : Length;
        _left = _chunked ? 0 : Length;
    }

    private bool NextChunk()
    {
        string line = Line();
        int end = line.IndexOf(';', StringComparison.Ordinal);
        if (!long.TryParse((end < 0 ? line : line[..end]).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw Strange("a chunk has no length");
        }

        if (_left > 0)
        {
            return true;
        }

        _chunked = false;
        return false;
    }

    private string Line()
    {
        StringBuilder line = new();
        while (true)
        {
            if (_start == _end && !Fill())
            {
                throw Cut();
            }

            int newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int take = newline < 0 ? _end - _start : newline + 1;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, take));
            _start += take;
            if (newline >= 0)
            {
                return line.ToString().TrimEnd('\n').TrimEnd('\r');
            }

            if (line.Length > HeaderLimit)
            {
                throw Strange("a line of its answer is longer than 64 KiB");
            }
        }
    }

    private int Raw(Span<byte> buffer)
    {
        if (_start == _end)
        {
            return _connection.Read(buffer);
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private bool Fill()
    {
        _start = 0;
        _end = _connection.Read(_buffer);
        return _end > 0;
    }

    private CsrunException Cut() => new(
        $"cannot fetch {_url}",
        "the connection was cut before the end; what had arrived was removed",
        "run the command again");

    private CsrunException Strange(string why) => new($"cannot fetch {_url}", $"{_url.Host}: {why}");
}
