using System.Security.Cryptography;
using System.Text;
using Csrun.Images.Tests.Harness;

namespace Csrun.Images.Tests;

/// <summary>Downloads from a server of the test, in a process of their own: OpenSSL and csrun read the environment.</summary>
public sealed class FetchTests : IDisposable
{
    private const string Path = "/alpine/v3.20/releases/x86_64/alpine-minirootfs-3.20.3-x86_64.tar.gz";
    private static readonly byte[] s_body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(static i => $"{i} ")));
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    private (int Code, string Output, string Error) Fetch(string url, string? certificates, params string[] environment) =>
        Tool.Run("env", [
            "-u", "https_proxy", "-u", "HTTPS_PROXY", "-u", "all_proxy", "-u", "ALL_PROXY", "-u", "CSRUN_IMAGE_MIRROR",
            $"SSL_CERT_FILE={certificates ?? "/nonexistent"}", "SSL_CERT_DIR=/nonexistent", .. environment, .. Tool.Self, "fetch", url, System.IO.Path.Combine(_box.Base, "fetched")]);

    private string Fails(string url, string? certificates, params string[] environment)
    {
        (int code, _, string error) = Fetch(url, certificates, environment);
        Assert.True(code == 125, $"{code}: {error}");
        return error;
    }

    [Fact]
    public void A_file_arrives_as_it_is_whatever_the_framing()
    {
        foreach (byte[] answer in (ReadOnlySpan<byte[]>)[HttpsServer.Ok(s_body), HttpsServer.Chunked(s_body), [.. "HTTP/1.0 200 OK\r\n\r\n"u8, .. s_body]])
        {
            using HttpsServer server = new(_box.Base, _ => answer);
            (int code, string output, string error) = Fetch(server.Url + "/x?y=1#z", server.CertificateFile);
            Assert.True(code == 0, error);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(s_body)), output.Trim());
            Assert.Equal(["GET /x?y=1 HTTP/1.1"], server.Requests);
        }
    }

    [Fact]
    public void A_cut_connection_is_noticed_and_nothing_kept()
    {
        foreach (byte[] answer in (ReadOnlySpan<byte[]>)[HttpsServer.Ok(s_body[..10_000], s_body.Length), HttpsServer.Chunked(s_body)[..20_000], "HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray(), []])
        {
            using HttpsServer server = new(_box.Base, _ => answer);
            Assert.Contains("the connection was cut", Fails(server.Url + "/x", server.CertificateFile), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_certificate_of_an_unknown_authority_is_refused()
    {
        using HttpsServer server = new(_box.Base, _ => HttpsServer.Ok(s_body));
        string error = Fails(server.Url + "/x", null);
        Assert.Contains("TLS certificate of 127.0.0.1 is refused: self", error, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_certificate_for_somebody_else_is_refused()
    {
        using HttpsServer other = new(_box.Base, _ => HttpsServer.Ok(s_body), "example.org");
        Assert.Contains("mismatch", Fails(other.Url + "/x", other.CertificateFile), StringComparison.Ordinal);
        using HttpsServer named = new(_box.Base, _ => HttpsServer.Ok(s_body), "localhost");
        Assert.Contains("mismatch", Fails(named.Url + "/x", named.CertificateFile), StringComparison.Ordinal);
        Assert.Equal(0, Fetch($"https://localhost:{named.Port}/x", named.CertificateFile).Code);
    }

    [Fact]
    public void Redirections_are_followed_over_https_only_and_not_for_ever()
    {
        using HttpsServer server = new(_box.Base, line => line.Contains("/old", StringComparison.Ordinal) ? HttpsServer.Status(302, "Found", "Location: /new\r\n")
            : line.Contains("/plain", StringComparison.Ordinal) ? HttpsServer.Status(301, "Moved", "Location: http://127.0.0.1/x\r\n")
            : line.Contains("/loop", StringComparison.Ordinal) ? HttpsServer.Status(307, "Again", "Location: /loop\r\n")
            : HttpsServer.Ok(s_body));
        Assert.Equal(0, Fetch(server.Url + "/old", server.CertificateFile).Code);
        Assert.Contains("https only", Fails(server.Url + "/plain", server.CertificateFile), StringComparison.Ordinal);
        Assert.Contains("more than 5 times", Fails(server.Url + "/loop", server.CertificateFile), StringComparison.Ordinal);
        Assert.Contains("https only", Fails(server.Url.Replace("https", "http", StringComparison.Ordinal) + "/x", server.CertificateFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_answers_are_told_with_their_status()
    {
        using HttpsServer server = new(_box.Base, line => line.Contains("/broken", StringComparison.Ordinal) ? "SSH-2.0-OpenSSH\r\n\r\n"u8.ToArray() : HttpsServer.Status(404, "Not Found"));
        Assert.Contains("127.0.0.1 answers 404 Not Found", Fails(server.Url + "/x", server.CertificateFile), StringComparison.Ordinal);
        Assert.Contains("status line", Fails(server.Url + "/broken", server.CertificateFile), StringComparison.Ordinal);
    }

    [Fact]
    public void No_network_no_name_and_no_listener_are_told_apart()
    {
        int port;
        using (HttpsServer gone = new(_box.Base, _ => []))
        {
            port = gone.Port;
        }

        Assert.Contains("ECONNREFUSED", Fails($"https://127.0.0.1:{port}/x", null), StringComparison.Ordinal);
        Assert.Contains("cannot find the address of no-such-host.invalid", Fails("https://no-such-host.invalid/x", null), StringComparison.Ordinal);
        Assert.Contains("CSRUN_IMAGE_PATH=DIR with x.tar.gz in DIR", Fails("https://no-such-host.invalid/a/x.tar.gz", null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_speaking_tls_is_told()
    {
        System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Task.Run(() =>
        {
            using System.Net.Sockets.TcpClient client = listener.AcceptTcpClient();
            client.GetStream().Write("HTTP/1.1 400 Bad Request\r\n\r\n"u8);
        });
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Contains("no TLS connection with 127.0.0.1", Fails($"https://127.0.0.1:{port}/x", null), StringComparison.Ordinal);
        await serving;
        listener.Stop();
    }

    [Fact]
    public void A_proxy_is_asked_to_connect_but_for_hosts_that_are_exempt()
    {
        using HttpsServer server = new(_box.Base, _ => HttpsServer.Ok(s_body), "files.invalid");
        System.Net.Sockets.TcpListener proxy = new(System.Net.IPAddress.Loopback, 0);
        proxy.Start();
        string asked = "";
        Task serving = Task.Run(() =>
        {
            using System.Net.Sockets.TcpClient client = proxy.AcceptTcpClient();
            byte[] request = new byte[4096];
            asked = Encoding.ASCII.GetString(request, 0, client.GetStream().Read(request));
            client.GetStream().Write("HTTP/1.1 200 Connection established\r\n\r\n"u8);
            using System.Net.Sockets.TcpClient target = new("127.0.0.1", server.Port);
            Task up = client.GetStream().CopyToAsync(target.GetStream());
            target.GetStream().CopyTo(client.GetStream());
        });
        int port = ((System.Net.IPEndPoint)proxy.LocalEndpoint).Port;
        Assert.Equal(0, Fetch("https://files.invalid/x", server.CertificateFile, $"https_proxy=http://127.0.0.1:{port}/").Code);
        Assert.StartsWith("CONNECT files.invalid:443 HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("cannot find the address", Fails("https://files.invalid/x", server.CertificateFile, $"https_proxy=http://127.0.0.1:{port}", "no_proxy=.invalid"), StringComparison.Ordinal);
        proxy.Stop();
    }

    [AlpineFact]
    public void The_store_fetches_alpine_by_its_description_and_keeps_it()
    {
        using HttpsServer server = new(_box.Base, _ => HttpsServer.Ok(File.ReadAllBytes(AlpineFactAttribute.Tarball!)));
        (int code, string output, string error) = Resolve(server);
        Assert.True(code == 0, error);
        Assert.Contains("sha256:d4e6fd67dcf75e40c451560ac7265166c2b72a0f38ddc9aae756a7de3d1efa0c", output, StringComparison.Ordinal);
        Assert.Equal([$"GET {Path} HTTP/1.1"], server.Requests);

        // Kept: no second request.
        Assert.Equal(0, Resolve(server).Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_wrong_digest_is_refused_with_both_and_leaves_nothing()
    {
        byte[] wrong = TarBuilder.Gzip(new TarBuilder().File("etc/passwd", "root::0:0").End());
        using HttpsServer server = new(_box.Base, _ => HttpsServer.Ok(wrong));
        (int code, _, string error) = Resolve(server);
        Assert.Equal(125, code);
        Assert.Contains($"its digest is sha256:{Convert.ToHexStringLower(SHA256.HashData(wrong))}, expected is sha256:d4e6fd67", error, StringComparison.Ordinal);
        AssertStoreEmpty();
    }

    [Fact]
    public void A_cut_download_leaves_nothing_in_the_store()
    {
        using HttpsServer server = new(_box.Base, _ => HttpsServer.Ok(s_body, 3_490_290));
        Assert.Contains("cut", Resolve(server).Error, StringComparison.Ordinal);
        AssertStoreEmpty();
    }

    [Fact]
    public void A_mirror_is_https_too() =>
        Assert.Contains("CSRUN_IMAGE_MIRROR \"http://127.0.0.1/\" is refused", Tool.Run("env", ["CSRUN_IMAGE_MIRROR=http://127.0.0.1/", .. Tool.Self, "resolve", _box.In("store"), "alpine"]).Error, StringComparison.Ordinal);

    private (int Code, string Output, string Error) Resolve(HttpsServer server) =>
        Tool.Run("env", [$"SSL_CERT_FILE={server.CertificateFile}", $"CSRUN_IMAGE_MIRROR={server.Url}/", .. Tool.Self, "resolve", _box.In("store"), "alpine"]);

    private void AssertStoreEmpty() =>
        Assert.All(["blobs/sha256", "names", "tmp", "trees"], directory => Assert.Empty(Directory.GetFileSystemEntries(_box.In("store/" + directory))));
}
