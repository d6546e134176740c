using System.Buffers.Binary;
using System.Text;
using Csrun.Linux;

namespace Csrun.Engine;

/// <summary>The terminal on standard input while it is asked: a line at a time, as ever, but Ctrl-C ends the line and is no signal, which
/// would end csrun alone. Restored at the end.</summary>
/// <remarks>termios(3). To be entered before the question shows: what is typed at once counts.</remarks>
internal sealed class AskingTerminal : IDisposable
{
    private const uint Isig = 1;
    private const int Veol = 11;
    private const int ControlC = 3;

    private readonly byte[]? _before;

    /// <summary>Changes the terminal's settings; none where standard input is no terminal.</summary>
    internal AskingTerminal()
    {
        byte[] before = new byte[64];
        if (!Sys.GetTermios(0, before).Ok)
        {
            return;
        }

        // struct termios: c_iflag, c_oflag, c_cflag, c_lflag, c_line, c_cc[19] (asm-generic/termbits.h).
        _before = before;
        byte[] asking = (byte[])before.Clone();
        Span<byte> local = asking.AsSpan(12, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(local, BinaryPrimitives.ReadUInt32LittleEndian(local) & ~Isig);
        asking[17 + Veol] = ControlC;
        Sys.SetTermios(0, asking);
    }

    /// <summary>One line without its end; null at the end of input and for Ctrl-C.</summary>
    internal static string? ReadLine()
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (Sys.Read(0, one) is { Ok: true, Int: 1 })
        {
            switch (one[0])
            {
                case (byte)'\n':
                    return Encoding.UTF8.GetString([.. line]).Trim();
                case ControlC:
                    return null;
                default:
                    line.Add(one[0]);
                    break;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_before is not null)
        {
            Sys.SetTermios(0, _before);
        }
    }
}
