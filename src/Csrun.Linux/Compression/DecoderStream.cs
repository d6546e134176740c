namespace Csrun.Linux.Compression;

/// <summary>A stream that reads what a decoder of a shared library makes of another stream.</summary>
public abstract class DecoderStream : Stream
{
    private const int InputSize = 128 * 1024;
    private readonly Stream _source;
    private readonly byte[] _input = new byte[InputSize];
    private int _start;
    private int _end;
    private bool _ended;

    private protected DecoderStream(Stream source) => _source = source;

    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override bool CanWrite => false;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The compressed data is corrupt or cut.</exception>
    public sealed override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (_start == _end && !_ended)
            {
                _start = 0;
                _end = _source.Read(_input, 0, _input.Length);
                _ended = _end == 0;
            }

            bool more = Decode(_input.AsSpan(_start, _end - _start), buffer, _ended, out int consumed, out int produced);
            _start += consumed;
            if (produced > 0 || !more)
            {
                return produced;
            }

            if (_ended && consumed == 0)
            {
                throw new InvalidDataException("the compressed data ends early");
            }
        }
    }

    /// <summary>Decodes some of <paramref name="input"/> into <paramref name="output"/>.</summary>
    /// <returns>False when the data has come to its proper end.</returns>
    private protected abstract bool Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int produced);

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
