namespace Csrun.Linux.Compression;

/// <summary>A stream that reads what a decoder of a shared library makes of another stream.</summary>
public abstract class DecoderStream : ReadOnlyStream
{
    private const int InputSize = 128 * 1024;
    private readonly Stream _source;
    private readonly byte[] _input = new byte[InputSize];
    private int _start;
    private int _end;
    private bool _ended;

    private protected DecoderStream(Stream source) => _source = source;

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
}
