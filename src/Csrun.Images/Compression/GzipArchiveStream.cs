using System.IO.Compression;
using Csrun.Images.Tar;
using Csrun.Linux.Compression;

namespace Csrun.Images.Compression;

/// <summary>Decompresses gzip and checks at the end that the file is whole.</summary>
/// <remarks>System.IO.Compression takes the end of a cut file for the end of the data, without a word; the length in the
/// trailer shows the cut.</remarks>
internal sealed class GzipArchiveStream : ReadOnlyStream
{
    private readonly CompressedInput _input;
    private readonly GZipStream _gzip;
    private long _produced;
    private bool _checked;

    internal GzipArchiveStream(CompressedInput input)
    {
        _input = input;
        _gzip = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _gzip.Read(buffer);
        _produced += read;
        if (read == 0 && buffer.Length > 0 && !_checked)
        {
            _checked = true;
            _input.Drain();
            // With several members the trailer covers the last one only; the tar end marker then vouches for the rest.
            if (_input.LastWord != (uint)_produced && !_input.MayHaveMembers)
            {
                throw new TarFormatException(
                    "the archive is cut: its gzip data ends early",
                    $"{_produced} bytes came out of {_input.BytesRead} compressed ones, and the last four bytes of the file, which state that length, say {_input.LastWord}",
                    "get the file again and compare its sha256 with the publisher's",
                    _produced);
            }
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }
}
