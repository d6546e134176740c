using System.Buffers.Binary;
using Csrun.Linux;

namespace Csrun.Runtime.Attend;

/// <summary>The caller's terminal in raw mode: every key goes to the container as it is; restored at the end.</summary>
/// <remarks>termios(3), cfmakeraw.</remarks>
internal sealed class RawMode : IDisposable
{
    private const uint InputFlags = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
    private const uint OutputFlags = 0x1; // OPOST
    private const uint LocalFlags = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000; // ISIG ICANON ECHO ECHONL IEXTEN
    private const uint ControlFlags = 0x30 | 0x100; // CSIZE PARENB
    private const uint EightBits = 0x30; // CS8

    private readonly int _fd;
    private readonly byte[] _before;

    private RawMode(int fd, byte[] before)
    {
        _fd = fd;
        _before = before;
    }

    /// <summary>Enters raw mode; null when the descriptor is no terminal.</summary>
    public static RawMode? TryEnter(int fd)
    {
        byte[] before = new byte[64];
        if (!Sys.GetTermios(fd, before).Ok)
        {
            return null;
        }

        // struct termios: c_iflag, c_oflag, c_cflag, c_lflag, c_line, c_cc[19] (asm-generic/termbits.h).
        byte[] raw = (byte[])before.Clone();
        Change(raw, 0, InputFlags, 0);
        Change(raw, 4, OutputFlags, 0);
        Change(raw, 8, ControlFlags, EightBits);
        Change(raw, 12, LocalFlags, 0);
        raw[17 + 5] = 0; // VTIME
        raw[17 + 6] = 1; // VMIN
        return Sys.SetTermios(fd, raw).Ok ? new RawMode(fd, before) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Sys.SetTermios(_fd, _before);

    private static void Change(byte[] termios, int offset, uint clear, uint set)
    {
        Span<byte> field = termios.AsSpan(offset, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(field, (BinaryPrimitives.ReadUInt32LittleEndian(field) & ~clear) | set);
    }
}
