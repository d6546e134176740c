using Csrun.Linux.Compression;

namespace Csrun.Linux.Crypto;

/// <summary>SHA-256 (FIPS 180-4) of data that comes in pieces: by libcrypto's machine code where it is installed, else by csrun's own.</summary>
/// <remarks>Not System.Security.Cryptography: without OpenSSL on the machine that ends the process instead of failing.</remarks>
public sealed unsafe class Sha256 : IDisposable
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    private readonly Evp? _evp;
    private readonly ManagedSha256? _managed;
    private nint _context;

    /// <summary>Starts an empty digest.</summary>
    /// <param name="managedOnly">Not to use libcrypto.</param>
    public Sha256(bool managedOnly = false)
    {
        _evp = managedOnly ? null : Evp.TryLoad();
        if (_evp is null)
        {
            _managed = new ManagedSha256();
            return;
        }

        // SAFETY: signatures of openssl/evp.h; the context lives until Dispose.
        _context = _evp.New();
        if (_context == 0 || _evp.Init(_context, _evp.Sha256(), 0) != 1)
        {
            throw new CsrunException("libcrypto cannot start a SHA-256 digest");
        }
    }

    /// <summary>Adds <paramref name="data"/>.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        if (_evp is null)
        {
            _managed!.Update(data);
            return;
        }

        ObjectDisposedException.ThrowIf(_context == 0, this);
        // SAFETY: pinned for the call and passed with its length; the context is live.
        fixed (byte* p = data)
        {
            if (_evp.Update(_context, p, (nuint)data.Length) != 1)
            {
                throw new CsrunException("libcrypto cannot continue a SHA-256 digest");
            }
        }
    }

    /// <summary>The digest of all that was added, as 64 lower-case hexadecimal digits; ends it.</summary>
    public string Finish()
    {
        Span<byte> digest = stackalloc byte[Size];
        if (_evp is null)
        {
            _managed!.Finish(digest);
            return Convert.ToHexStringLower(digest);
        }

        ObjectDisposedException.ThrowIf(_context == 0, this);
        // SAFETY: EVP_DigestFinal_ex writes the 32 bytes of a SHA-256 digest.
        fixed (byte* p = digest)
        {
            if (_evp.Final(_context, p, null) != 1)
            {
                throw new CsrunException("libcrypto cannot end a SHA-256 digest");
            }
        }

        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Frees the context.</summary>
    public void Dispose()
    {
        if (_context != 0)
        {
            // SAFETY: made by EVP_MD_CTX_new and freed once.
            _evp!.Free(_context);
            _context = 0;
        }
    }

    private sealed class Evp
    {
        // SAFETY: the addresses are libcrypto's functions of these names, with the signatures of openssl/evp.h.
        internal readonly delegate* unmanaged<nint> New;
        internal readonly delegate* unmanaged<nint> Sha256;
        internal readonly delegate* unmanaged<nint, nint, nint, int> Init;
        internal readonly delegate* unmanaged<nint, byte*, nuint, int> Update;
        internal readonly delegate* unmanaged<nint, byte*, uint*, int> Final;
        internal readonly delegate* unmanaged<nint, void> Free;

        private Evp(NativeCode library)
        {
            New = (delegate* unmanaged<nint>)library.Function("EVP_MD_CTX_new");
            Sha256 = (delegate* unmanaged<nint>)library.Function("EVP_sha256");
            Init = (delegate* unmanaged<nint, nint, nint, int>)library.Function("EVP_DigestInit_ex");
            Update = (delegate* unmanaged<nint, byte*, nuint, int>)library.Function("EVP_DigestUpdate");
            Final = (delegate* unmanaged<nint, byte*, uint*, int>)library.Function("EVP_DigestFinal_ex");
            Free = (delegate* unmanaged<nint, void>)library.Function("EVP_MD_CTX_free");
        }

        internal static Evp? TryLoad() => NativeCode.TryLoad("libcrypto.so.3", "libcrypto.so.1.1") is { } library ? new Evp(library) : null;
    }
}
