using System.Buffers.Binary;
using System.Text;

namespace Csrun.Plan.Broker;

/// <summary>The broker's answer: one message of <see cref="Size"/> bytes; the mount's descriptor comes with it when it was granted.</summary>
/// <param name="Code">Granted, or the kind of refusal.</param>
/// <param name="Text">Why not, or the state of the broker as lines <c>key value</c>.</param>
/// <remarks>Little-endian 32-bit numbers: magic, version, code, length of the text; then the text in UTF-8, filled up with zeros.</remarks>
public sealed record BrokerReply(BrokerCode Code, string Text)
{
    /// <summary>The length of the message.</summary>
    public const int Size = 4096;

    private const int HeaderSize = 16;

    /// <summary>The message; a text that is too long is cut.</summary>
    public byte[] Encode()
    {
        byte[] message = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(message, BrokerRequest.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), BrokerRequest.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), (uint)Code);
        Encoding.UTF8.GetEncoder().Convert(Text, message.AsSpan(HeaderSize), flush: true, out _, out int length, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), (uint)length);
        return message;
    }

    /// <summary>Reads an answer; null when it is none of this version.</summary>
    public static BrokerReply? Decode(ReadOnlySpan<byte> message)
    {
        if (message.Length != Size
            || BinaryPrimitives.ReadUInt32LittleEndian(message) != BrokerRequest.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(message[4..]) != BrokerRequest.Version
            || BinaryPrimitives.ReadUInt32LittleEndian(message[12..]) is var length && length > Size - HeaderSize)
        {
            return null;
        }

        return new BrokerReply((BrokerCode)BinaryPrimitives.ReadUInt32LittleEndian(message[8..]), Encoding.UTF8.GetString(message.Slice(HeaderSize, (int)length)));
    }
}
