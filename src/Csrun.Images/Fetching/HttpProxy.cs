using System.Text;
using Csrun.Linux;
using Csrun.Linux.Net;

namespace Csrun.Images.Fetching;

/// <summary>The way out through an HTTP proxy: CONNECT (RFC 9110, 9.3.6), as https_proxy and no_proxy say.</summary>
internal static class HttpProxy
{
    private const int AnswerLimit = 16 * 1024;

    /// <summary>Connects to a host, through the proxy where one is set and the host is not exempt.</summary>
    internal static TcpConnection Open(HttpsUrl url, int timeoutSeconds)
    {
        string? proxy = Variable("https_proxy") ?? Variable("all_proxy");
        if (proxy is null || IsExempt(url.Host, Variable("no_proxy") ?? ""))
        {
            return TcpConnection.Open(url.Host, url.Port, timeoutSeconds);
        }

        (string host, int port) = Parse(proxy);
        TcpConnection connection = TcpConnection.Open(host, port, timeoutSeconds);
        try
        {
            Connect(connection, url, proxy);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static bool IsExempt(string host, string exempt)
    {
        foreach (string entry in exempt.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string domain = entry.TrimStart('*').TrimStart('.');
            if (entry == "*" || host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return host is "localhost" or "127.0.0.1" or "::1";
    }

    private static (string Host, int Port) Parse(string proxy)
    {
        const string Scheme = "http://";
        string rest = proxy.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? proxy[Scheme.Length..] : proxy;
        rest = rest.TrimEnd('/');
        int colon = rest.LastIndexOf(':');
        int port = 80;
        return rest.Contains("://", StringComparison.Ordinal) || rest.Contains('@', StringComparison.Ordinal)
            || (colon >= 0 && !int.TryParse(rest[(colon + 1)..], out port))
            ? throw new CsrunException($"the proxy \"{proxy}\" cannot be used", "csrun knows proxies of the form http://HOST:PORT, without a password")
            : (colon < 0 ? rest : rest[..colon], port);
    }

    private static void Connect(TcpConnection connection, HttpsUrl url, string proxy)
    {
        string host = url.Host.Contains(':', StringComparison.Ordinal) ? $"[{url.Host}]" : url.Host;
        byte[] request = Encoding.ASCII.GetBytes($"CONNECT {host}:{url.Port} HTTP/1.1\r\nHost: {host}:{url.Port}\r\n\r\n");
        Sys.Write(connection.Fd, request).OrThrow("write", proxy);
        byte[] answer = new byte[AnswerLimit];
        int length = 0;
        // Byte by byte: what follows the empty line belongs to the TLS handshake.
        while (length < answer.Length && !answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int read = (int)Sys.Read(connection.Fd, answer.AsSpan(length, 1)).OrThrow("read", proxy);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        string status = Encoding.Latin1.GetString(answer.AsSpan(0, length)).Split('\r')[0];
        if (!status.StartsWith("HTTP/1.", StringComparison.Ordinal) || status.Split(' ') is not [_, "200", ..])
        {
            throw new CsrunException($"the proxy {proxy} does not connect to {url.Host}", $"it answers \"{status}\"", "unset https_proxy, or add the host to no_proxy");
        }
    }

    private static string? Variable(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name) ?? Environment.GetEnvironmentVariable(name.ToUpperInvariant());
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
