using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Csrun.Images.Tests.Harness;

/// <summary>An HTTPS server on the loopback with a certificate of its own; what it answers is up to the test.</summary>
internal sealed class HttpsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Func<string, byte[]> _answer;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="directory">Takes the certificate, for SSL_CERT_FILE.</param>
    /// <param name="answer">From the request's first line to all bytes of the answer; the connection is closed after them.</param>
    /// <param name="host">Whom the certificate is for.</param>
    internal HttpsServer(string directory, Func<string, byte[]> answer, string host = "127.0.0.1")
    {
        _answer = answer;
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=csrun test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        CertificateFile = Path.Combine(directory, "ca.pem");
        File.WriteAllText(CertificateFile, own.ExportCertificatePem());
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    internal string CertificateFile { get; }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal string Url => $"https://127.0.0.1:{Port}";

    internal List<string> Requests { get; } = [];

    internal static byte[] Ok(byte[] body, long? length = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n"), .. body];

    internal static byte[] Chunked(byte[] body)
    {
        int half = body.Length / 2;
        return
        [
            .. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{half:x}\r\n"), .. body[..half],
            .. Encoding.ASCII.GetBytes($"\r\n{body.Length - half:X};ext=1\r\n"), .. body[half..], .. "\r\n0\r\n\r\n"u8,
        ];
    }

    internal static byte[] Status(int code, string reason, string header = "") =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {code} {reason}\r\n{header}Content-Length: 0\r\n\r\n");

    public void Dispose()
    {
        _stopping = true;
        _listener.Stop();
        _thread.Join();
        _certificate.Dispose();
    }

    private void Serve()
    {
        while (!_stopping)
        {
            try
            {
                using TcpClient client = _listener.AcceptTcpClient();
                using SslStream tls = new(client.GetStream());
                tls.AuthenticateAsServer(_certificate);
                byte[] request = new byte[8192];
                int length = 0;
                while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                {
                    int read = tls.Read(request, length, request.Length - length);
                    if (read == 0)
                    {
                        break;
                    }

                    length += read;
                }

                string line = Encoding.ASCII.GetString(request, 0, length).Split('\r')[0];
                lock (Requests)
                {
                    Requests.Add(line);
                }

                tls.Write(_answer(line));
            }
            catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException or InvalidOperationException)
            {
                // The client left, or the test is over.
            }
        }
    }
}
