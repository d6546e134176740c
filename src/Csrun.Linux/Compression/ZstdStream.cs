using System.Runtime.InteropServices;

namespace Csrun.Linux.Compression;

/// <summary>Decompresses Zstandard with the system's libzstd.so.1 (zstd.h, "Streaming decompression").</summary>
/// <remarks>Its own default of 128 MiB bounds the window, and so the memory a hostile file can ask for.</remarks>
public sealed unsafe class ZstdStream : DecoderStream
{
    private readonly delegate* unmanaged<nint, OutBuffer*, InBuffer*, nuint> _decompress;
    private readonly delegate* unmanaged<nuint, uint> _isError;
    private readonly delegate* unmanaged<nint, nuint> _free;
    private nint _context;
    private bool _frameOpen;

    /// <summary>Reads <paramref name="source"/>; does not own it.</summary>
    /// <exception cref="CsrunException">libzstd is not installed.</exception>
    public ZstdStream(Stream source) : base(source)
    {
        NativeCode library = NativeCode.Load("libzstd.so.1", "decompressing a zstd archive", "libzstd1");
        // SAFETY: the addresses are the library's functions of these names, with the signatures of zstd.h.
        var create = (delegate* unmanaged<nint>)library.Function("ZSTD_createDCtx");
        _decompress = (delegate* unmanaged<nint, OutBuffer*, InBuffer*, nuint>)library.Function("ZSTD_decompressStream");
        _isError = (delegate* unmanaged<nuint, uint>)library.Function("ZSTD_isError");
        _free = (delegate* unmanaged<nint, nuint>)library.Function("ZSTD_freeDCtx");
        _context = create();
        if (_context == 0)
        {
            throw new CsrunException("libzstd has no memory for a decompression context");
        }
    }

    private protected override bool Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int produced)
    {
        if (last && input.IsEmpty && !_frameOpen)
        {
            consumed = produced = 0;
            return false;
        }

        ObjectDisposedException.ThrowIf(_context == 0, this);
        // SAFETY: both buffers are pinned for the call and passed with their lengths; the context is live.
        fixed (byte* i = input, o = output)
        {
            InBuffer source = new() { src = i, size = (nuint)input.Length };
            OutBuffer target = new() { dst = o, size = (nuint)output.Length };
            nuint hint = _decompress(_context, &target, &source);
            if (_isError(hint) != 0)
            {
                throw new InvalidDataException("libzstd cannot decode the data");
            }

            // 0: a frame is complete and flushed; another may follow.
            _frameOpen = hint != 0;
            consumed = (int)source.pos;
            produced = (int)target.pos;
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
        {
            // SAFETY: made by ZSTD_createDCtx and freed once.
            _free(_context);
            _context = 0;
        }

        base.Dispose(disposing);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InBuffer
    {
        public byte* src;
        public nuint size;
        public nuint pos;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OutBuffer
    {
        public byte* dst;
        public nuint size;
        public nuint pos;
    }
}
