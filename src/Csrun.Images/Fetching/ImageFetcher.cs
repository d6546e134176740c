using Csrun.Linux;
using Csrun.Linux.Net;

namespace Csrun.Images.Fetching;

/// <summary>Downloads a tarball over HTTPS, in this thread, with the system's OpenSSL.</summary>
public static class ImageFetcher
{
    /// <summary>The variable that puts another server, with an optional path, in front of every download's path.</summary>
    public const string MirrorVariable = "CSRUN_IMAGE_MIRROR";

    private const int Redirects = 5;
    private const int TimeoutSeconds = 30;

    internal delegate void Sink(ReadOnlySpan<byte> data);

    /// <summary>Downloads <paramref name="url"/> into <paramref name="sink"/>; the digest is the caller's to check.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="limit">How many bytes may come.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="observer">Is told the progress; may be null.</param>
    /// <returns>The address it finally came from.</returns>
    /// <exception cref="CsrunException">Name resolution, connection, TLS, HTTP or the length failed.</exception>
    internal static string Fetch(string url, long limit, Sink sink, IFetchObserver? observer)
    {
        HttpsUrl at = Mirrored(HttpsUrl.Parse(url, "the address"));
        for (int redirect = 0; ; redirect++)
        {
            observer?.Starting(at.ToString());
            using TlsConnection connection = Connect(at);
            HttpResponse response = HttpResponse.Get(connection, at);
            if (response.Status is 301 or 302 or 303 or 307 or 308 && response.Location is { } location)
            {
                if (redirect == Redirects)
                {
                    throw new CsrunException($"cannot fetch {url}", $"it is redirected more than {Redirects} times, last to \"{location}\"");
                }

                at = location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal)
                    ? HttpsUrl.Parse($"https://{at.Authority}{location}", "the redirection to")
                    : HttpsUrl.Parse(location, "the redirection to");
                continue;
            }

            if (response.Status != 200)
            {
                throw new CsrunException(
                    $"cannot fetch {at}",
                    $"{at.Host} answers {response.Status} {response.Reason}".TrimEnd(),
                    response.Status >= 500 ? "run the command again later" : null);
            }

            Copy(response, at, limit, sink, observer);
            return at.ToString();
        }
    }

    private static TlsConnection Connect(HttpsUrl url)
    {
        try
        {
            return new TlsConnection(HttpProxy.Open(url, TimeoutSeconds), url.Host);
        }
        catch (CsrunException e)
        {
            throw new CsrunException(
                $"cannot fetch {url}",
                e.Why is null ? e.Message : $"{e.Message}: {e.Why}",
                $"{e.Fix}{(e.Fix is null ? "" : "\n")}without a network: CSRUN_IMAGE_PATH=DIR with {Path.GetFileName(url.Path)} in DIR",
                inner: e);
        }
    }

    private static void Copy(HttpResponse response, HttpsUrl at, long limit, Sink sink, IFetchObserver? observer)
    {
        byte[] buffer = new byte[64 * 1024];
        long received = 0;
        int read;
        while ((read = response.Read(buffer)) > 0)
        {
            received += read;
            if (received > limit)
            {
                throw new CsrunException($"cannot fetch {at}", $"more than {limit} bytes came, the image has far fewer; what had arrived was removed");
            }

            sink(buffer.AsSpan(0, read));
            observer?.Progress(received, response.Length);
        }
    }

    private static HttpsUrl Mirrored(HttpsUrl url)
    {
        string? mirror = Environment.GetEnvironmentVariable(MirrorVariable);
        if (string.IsNullOrEmpty(mirror))
        {
            return url;
        }

        HttpsUrl server = HttpsUrl.Parse(mirror, MirrorVariable);
        return server with { Path = server.Path.TrimEnd('/') + url.Path };
    }

    /// <summary>How many bytes a download may have when its real size is known: enough to show the digest of a wrong file, not to fill a disk.</summary>
    internal static long LimitFor(ImageVariant variant) => Math.Max(variant.Size * 4, 64L << 20);
}
