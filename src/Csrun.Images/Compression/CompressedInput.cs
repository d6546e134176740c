using System.Buffers.Binary;
using Csrun.Images.Unpacking;
using Csrun.Linux.Compression;

namespace Csrun.Images.Compression;

/// <summary>The archive as it lies on disk: buffered, counted, and with what the check of a gzip trailer needs.</summary>
internal sealed class CompressedInput : ReadOnlyStream
{
    private const int BufferSize = 256 * 1024;
    private readonly Stream _source;
    private readonly IUnpackObserver? _observer;
    private readonly long _total;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly byte[] _tail = new byte[8];
    private int _start;
    private int _end;

    internal CompressedInput(Stream source, IUnpackObserver? observer, long total)
    {
        _source = source;
        _observer = observer;
        _total = total;
    }

    /// <summary>Bytes read from the source so far.</summary>
    internal long BytesRead { get; private set; }

    /// <summary>Whether gzip members may follow the first one: what looks like the header of another was seen.</summary>
    internal bool MayHaveMembers { get; private set; }

    /// <summary>The last four bytes of all, in a gzip file its length modulo 2^32 (RFC 1952, ISIZE); right only at the end.</summary>
    internal uint LastWord => BinaryPrimitives.ReadUInt32LittleEndian(_tail.AsSpan(4));

    /// <summary>The first bytes, without taking them; fewer at the end of a short file.</summary>
    internal ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && _end < _buffer.Length && Fill())
        {
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (!Fill())
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    internal void Drain()
    {
        do
        {
            _start = _end = 0;
        }
        while (Fill());
    }

    private bool Fill()
    {
        int read = _source.Read(_buffer, _end, _buffer.Length - _end);
        if (read == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> fresh = _buffer.AsSpan(_end, read);
        if (!MayHaveMembers)
        {
            // A header split between two reads is missed by this search; three bytes of overlap would not pay.
            LookForMember(BytesRead == 0 ? fresh[Math.Min(1, read)..] : fresh);
        }

        if (read >= 8)
        {
            fresh[^8..].CopyTo(_tail);
        }
        else
        {
            _tail.AsSpan(read).CopyTo(_tail);
            fresh.CopyTo(_tail.AsSpan(8 - read));
        }

        _end += read;
        BytesRead += read;
        _observer?.Progress(BytesRead, _total);
        return true;
    }

    // RFC 1952: ID1 ID2 CM, then FLG with its upper three bits zero, XFL 0, 2 or 4 after MTIME, and a known OS.
    private void LookForMember(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> magic = [0x1f, 0x8b, 0x08];
        for (int at = bytes.IndexOf(magic); at >= 0; at = bytes.IndexOf(magic))
        {
            bytes = bytes[at..];
            if (bytes.Length >= 10 && bytes[3] < 32 && bytes[8] is 0 or 2 or 4 && bytes[9] is <= 13 or 255)
            {
                MayHaveMembers = true;
                return;
            }

            bytes = bytes[3..];
        }
    }
}
