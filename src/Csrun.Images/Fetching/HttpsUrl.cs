using Csrun.Linux;

namespace Csrun.Images.Fetching;

/// <summary>An https address in its parts (RFC 3986): no other scheme, no user, no fragment.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">443 unless named.</param>
/// <param name="Path">Path and query, starting with a slash.</param>
internal sealed record HttpsUrl(string Host, int Port, string Path)
{
    private const string Scheme = "https://";

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="what">What it is, for the message.</param>
    internal static HttpsUrl Parse(string text, string what)
    {
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new CsrunException($"{what} \"{text}\" is refused", "images are fetched over https only");
        }

        string rest = text[Scheme.Length..];
        int slash = rest.IndexOfAny(['/', '?', '#']);
        string authority = slash < 0 ? rest : rest[..slash];
        string path = slash < 0 ? "/" : rest[slash..];
        int fragment = path.IndexOf('#', StringComparison.Ordinal);
        path = fragment < 0 ? path : path[..fragment];
        path = path.StartsWith('/') ? path : "/" + path;
        int bracket = authority.LastIndexOf(']');
        int colon = authority.IndexOf(':', bracket + 1);
        string host = (colon < 0 ? authority : authority[..colon]).Trim('[', ']');
        int port = 443;
        bool valid = host.Length is > 0 and < 256 && (colon < 0 || (int.TryParse(authority[(colon + 1)..], out port) && port is > 0 and < 65536));
        foreach (char c in text)
        {
            // Anything else could end the request line or a header early.
            valid &= c is > ' ' and < '\x7f';
        }

        return valid && !authority.Contains('@', StringComparison.Ordinal)
            ? new HttpsUrl(host, port, path)
            : throw new CsrunException($"{what} \"{text}\" is refused", "it is not of the form https://HOST[:PORT]/PATH");
    }

    /// <summary>Host and port as the Host header has them.</summary>
    internal string Authority
    {
        get
        {
            string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == 443 ? host : $"{host}:{Port}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Authority}{Path}";
}
