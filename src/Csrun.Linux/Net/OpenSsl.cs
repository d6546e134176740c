using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux.Compression;

namespace Csrun.Linux.Net;

/// <summary>The functions of libssl and libcrypto that a TLS client needs (openssl/ssl.h, x509_vfy.h, err.h).</summary>
internal sealed unsafe class OpenSsl
{
    // SAFETY: the addresses are the libraries' functions of these names, with the signatures of the headers above.
    internal readonly delegate* unmanaged<nint> ClientMethod;
    internal readonly delegate* unmanaged<nint, nint> ContextNew;
    internal readonly delegate* unmanaged<nint, void> ContextFree;
    internal readonly delegate* unmanaged<nint, int> ContextDefaultVerifyPaths;
    internal readonly delegate* unmanaged<nint, int, nint, void> ContextSetVerify;
    internal readonly delegate* unmanaged<nint, int, nint, nint, nint> ContextControl;
    internal readonly delegate* unmanaged<nint, nint> New;
    internal readonly delegate* unmanaged<nint, void> Free;
    internal readonly delegate* unmanaged<nint, int, int> SetFd;
    internal readonly delegate* unmanaged<nint, int, nint, byte*, nint> Control;
    internal readonly delegate* unmanaged<nint, byte*, int> SetHost;
    internal readonly delegate* unmanaged<nint, nint> GetVerifyParam;
    internal readonly delegate* unmanaged<nint, byte*, int> VerifyParamSetIp;
    internal readonly delegate* unmanaged<nint, int> Connect;
    internal readonly delegate* unmanaged<nint, byte*, int, int> Read;
    internal readonly delegate* unmanaged<nint, byte*, int, int> Write;
    internal readonly delegate* unmanaged<nint, int, int> GetError;
    internal readonly delegate* unmanaged<nint, nint> GetVerifyResult;
    internal readonly delegate* unmanaged<void> ClearErrors;
    private readonly delegate* unmanaged<nint, byte*> _verifyText;
    private readonly delegate* unmanaged<nuint> _lastError;
    private readonly delegate* unmanaged<nuint, byte*> _reason;

    private OpenSsl(NativeCode ssl, NativeCode crypto)
    {
        ClientMethod = (delegate* unmanaged<nint>)ssl.Function("TLS_client_method");
        ContextNew = (delegate* unmanaged<nint, nint>)ssl.Function("SSL_CTX_new");
        ContextFree = (delegate* unmanaged<nint, void>)ssl.Function("SSL_CTX_free");
        ContextDefaultVerifyPaths = (delegate* unmanaged<nint, int>)ssl.Function("SSL_CTX_set_default_verify_paths");
        ContextSetVerify = (delegate* unmanaged<nint, int, nint, void>)ssl.Function("SSL_CTX_set_verify");
        ContextControl = (delegate* unmanaged<nint, int, nint, nint, nint>)ssl.Function("SSL_CTX_ctrl");
        New = (delegate* unmanaged<nint, nint>)ssl.Function("SSL_new");
        Free = (delegate* unmanaged<nint, void>)ssl.Function("SSL_free");
        SetFd = (delegate* unmanaged<nint, int, int>)ssl.Function("SSL_set_fd");
        Control = (delegate* unmanaged<nint, int, nint, byte*, nint>)ssl.Function("SSL_ctrl");
        SetHost = (delegate* unmanaged<nint, byte*, int>)ssl.Function("SSL_set1_host");
        GetVerifyParam = (delegate* unmanaged<nint, nint>)ssl.Function("SSL_get0_param");
        Connect = (delegate* unmanaged<nint, int>)ssl.Function("SSL_connect");
        Read = (delegate* unmanaged<nint, byte*, int, int>)ssl.Function("SSL_read");
        Write = (delegate* unmanaged<nint, byte*, int, int>)ssl.Function("SSL_write");
        GetError = (delegate* unmanaged<nint, int, int>)ssl.Function("SSL_get_error");
        GetVerifyResult = (delegate* unmanaged<nint, nint>)ssl.Function("SSL_get_verify_result");
        VerifyParamSetIp = (delegate* unmanaged<nint, byte*, int>)crypto.Function("X509_VERIFY_PARAM_set1_ip_asc");
        ClearErrors = (delegate* unmanaged<void>)crypto.Function("ERR_clear_error");
        _verifyText = (delegate* unmanaged<nint, byte*>)crypto.Function("X509_verify_cert_error_string");
        _lastError = (delegate* unmanaged<nuint>)crypto.Function("ERR_get_error");
        _reason = (delegate* unmanaged<nuint, byte*>)crypto.Function("ERR_reason_error_string");
    }

    /// <summary>Loads OpenSSL 3, or 1.1.</summary>
    /// <exception cref="CsrunException">Neither is installed.</exception>
    internal static OpenSsl Load()
    {
        foreach (string version in (ReadOnlySpan<string>)["3", "1.1"])
        {
            if (NativeCode.TryLoad($"libcrypto.so.{version}") is { } crypto && NativeCode.TryLoad($"libssl.so.{version}") is { } ssl)
            {
                return new OpenSsl(ssl, crypto);
            }
        }

        throw new CsrunException("libssl.so.3 is not installed", "fetching over https needs it", "sudo apt install libssl3");
    }

    /// <summary>Why a certificate was refused, in OpenSSL's words.</summary>
    internal string VerifyText(nint result) => Text(_verifyText(result));

    /// <summary>The oldest error of this thread's queue, in OpenSSL's words, or null.</summary>
    internal string? LastError()
    {
        nuint code = _lastError();
        byte* reason = code == 0 ? null : _reason(code);
        return reason is null ? null : Text(reason);
    }

    // SAFETY: both functions return static strings of the library that end with a zero.
    private static string Text(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
