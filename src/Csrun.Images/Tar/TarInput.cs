using System.Buffers;

namespace Csrun.Images.Tar;

/// <summary>The decompressed archive as one buffered sequence of bytes, with the limits kept.</summary>
internal sealed class TarInput : IDisposable
{
    internal const int BlockSize = 512;
    private const int BufferSize = 256 * 1024;

    private readonly Stream _stream;
    private readonly TarLimits _limits;
    private readonly Func<long>? _compressedRead;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private long _filled;

    /// <param name="stream">The decompressed bytes.</param>
    /// <param name="limits">How many there may be.</param>
    /// <param name="compressedRead">How many compressed bytes were read so far; null when nothing is compressed.</param>
    internal TarInput(Stream stream, TarLimits limits, Func<long>? compressedRead)
    {
        _stream = stream;
        _limits = limits;
        _compressedRead = compressedRead;
    }

    /// <summary>How far the reader is, in decompressed bytes.</summary>
    internal long Offset => _filled - (_end - _start);

    /// <summary>The next block, valid until the next call; empty at a clean end.</summary>
    internal ReadOnlySpan<byte> Block(string within)
    {
        if (!Ensure(BlockSize))
        {
            return _end == _start ? [] : throw Cut(within);
        }

        _start += BlockSize;
        return _buffer.AsSpan(_start - BlockSize, BlockSize);
    }

    /// <summary>At least one and at most <paramref name="most"/> of the next bytes, valid until the next call.</summary>
    internal ReadOnlySpan<byte> Some(long most, string within)
    {
        if (!Ensure(1))
        {
            throw Cut(within);
        }

        int count = (int)Math.Min(most, _end - _start);
        _start += count;
        return _buffer.AsSpan(_start - count, count);
    }

    internal void Skip(long count, string within)
    {
        while (count > 0)
        {
            count -= Some(count, within).Length;
        }
    }

    internal byte[] Exactly(int count, string within)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            ReadOnlySpan<byte> some = Some(count - at, within);
            some.CopyTo(bytes.AsSpan(at));
            at += some.Length;
        }

        return bytes;
    }

    /// <summary>Reads to the end, so that the decompressor checks its own trailer.</summary>
    internal void Drain()
    {
        do
        {
            _start = _end = 0;
        }
        while (Fill());
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Ensure(int count)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            if (!Fill())
            {
                return false;
            }
        }

        return true;
    }

    private bool Fill()
    {
        int read;
        try
        {
            read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException e)
        {
            throw new TarFormatException(
                "the archive is corrupt",
                $"its compressed data cannot be decoded past byte {_filled} of the decompressed archive",
                "get the file again and compare its sha256 with the publisher's",
                _filled,
                e);
        }

        _end += read;
        _filled += read;
        if (_filled > _limits.TotalBytes)
        {
            throw new TarFormatException(
                $"the archive is larger than {_limits.TotalBytes} bytes when decompressed", "the limit keeps a small file from filling the disk", offset: _filled);
        }

        if (_compressedRead is not null && _filled > _limits.RatioFloor && _filled / _limits.Ratio > Math.Max(1, _compressedRead()))
        {
            throw new TarFormatException(
                $"the archive decompresses to more than {_limits.Ratio} times its size",
                $"{_compressedRead()} compressed bytes gave {_filled}; a root file system does not compress like that, a decompression bomb does",
                offset: _filled);
        }

        return read > 0;
    }

    private TarFormatException Cut(string within) => new(
        $"the archive is cut: it ends inside {within}",
        $"{_filled} bytes came out of it, more were announced",
        "get the file again and compare its sha256 with the publisher's",
        _filled);
}
