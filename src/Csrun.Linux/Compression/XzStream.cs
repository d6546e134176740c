using System.Runtime.InteropServices;

namespace Csrun.Linux.Compression;

/// <summary>Decompresses .xz with the system's liblzma.so.5 (lzma/base.h, lzma/container.h).</summary>
public sealed unsafe class XzStream : DecoderStream
{
    // Enough for xz -9, which takes 65 MiB to decompress.
    private const ulong MemoryLimit = 256UL << 20;
    private const uint LZMA_CONCATENATED = 0x08;
    private const int LZMA_RUN = 0;
    private const int LZMA_FINISH = 3;
    private const int LZMA_OK = 0;
    private const int LZMA_STREAM_END = 1;
    private const int LZMA_MEMLIMIT_ERROR = 6;
    private const int LZMA_BUF_ERROR = 10;

    private readonly delegate* unmanaged<LzmaStream*, int, int> _code;
    private readonly delegate* unmanaged<LzmaStream*, void> _end;
    private LzmaStream* _stream;
    private bool _ended;

    /// <summary>Reads <paramref name="source"/>; does not own it.</summary>
    /// <exception cref="CsrunException">liblzma is not installed.</exception>
    public XzStream(Stream source) : base(source)
    {
        NativeCode library = NativeCode.Load("liblzma.so.5", "decompressing an xz archive", "liblzma5");
        // SAFETY: the addresses are the library's functions of these names, with the signatures of lzma.h; the stream is
        // zeroed as LZMA_STREAM_INIT does and stays where it is until lzma_end.
        var decoder = (delegate* unmanaged<LzmaStream*, ulong, uint, int>)library.Function("lzma_stream_decoder");
        _code = (delegate* unmanaged<LzmaStream*, int, int>)library.Function("lzma_code");
        _end = (delegate* unmanaged<LzmaStream*, void>)library.Function("lzma_end");
        _stream = (LzmaStream*)NativeMemory.AllocZeroed((nuint)sizeof(LzmaStream));
        int made = decoder(_stream, MemoryLimit, LZMA_CONCATENATED);
        if (made != LZMA_OK)
        {
            throw new CsrunException($"liblzma cannot make a decoder (lzma_ret {made})");
        }
    }

    private protected override bool Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int produced)
    {
        if (_ended)
        {
            consumed = produced = 0;
            return false;
        }

        ObjectDisposedException.ThrowIf(_stream is null, this);
        // SAFETY: both buffers are pinned for the call and passed with their lengths; the stream is live.
        fixed (byte* i = input, o = output)
        {
            _stream->next_in = i;
            _stream->avail_in = (nuint)input.Length;
            _stream->next_out = o;
            _stream->avail_out = (nuint)output.Length;
            int result = _code(_stream, last ? LZMA_FINISH : LZMA_RUN);
            consumed = input.Length - (int)_stream->avail_in;
            produced = output.Length - (int)_stream->avail_out;
            _ended = result == LZMA_STREAM_END;
            return result switch
            {
                LZMA_OK => true,
                LZMA_STREAM_END => produced > 0,
                // No progress: more input is needed, or at the end of it the data is cut (the base class tells).
                LZMA_BUF_ERROR when !last => true,
                LZMA_BUF_ERROR => throw new InvalidDataException("the xz data ends early"),
                LZMA_MEMLIMIT_ERROR => throw new InvalidDataException("the xz data asks for more than 256 MiB of memory"),
                _ => throw new InvalidDataException($"liblzma cannot decode the data (lzma_ret {result})"),
            };
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_stream is not null)
        {
            // SAFETY: allocated in the constructor, ended and freed once.
            _end(_stream);
            NativeMemory.Free(_stream);
            _stream = null;
        }

        base.Dispose(disposing);
    }

    // struct lzma_stream: what liblzma keeps to itself behind the counters is sized for all its 5.x versions.
    [StructLayout(LayoutKind.Sequential)]
    private struct LzmaStream
    {
        public byte* next_in;
        public nuint avail_in;
        public ulong total_in;
        public byte* next_out;
        public nuint avail_out;
        public ulong total_out;
        public nint allocator;
        public nint @internal;
        public nint reserved_ptr1;
        public nint reserved_ptr2;
        public nint reserved_ptr3;
        public nint reserved_ptr4;
        public ulong seek_pos;
        public ulong reserved_int2;
        public nuint reserved_int3;
        public nuint reserved_int4;
        public int reserved_enum1;
        public int reserved_enum2;
    }
}
