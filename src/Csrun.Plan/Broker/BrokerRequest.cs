using System.Buffers.Binary;
using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Broker;

/// <summary>What is asked of the broker.</summary>
public enum BrokerOperation : uint
{
    /// <summary>An ID-mapped mount of a directory or file; two descriptors come along: that, and the container's user namespace.</summary>
    MapMount = 1,

    /// <summary>How the broker is, and what it would grant the caller; no descriptors.</summary>
    Status = 2,
}

/// <summary>A request to the broker: one message of <see cref="Size"/> bytes.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Uids">The mount's user map: ID on disk (as containerID) to the ID of the host that the mount shows.</param>
/// <param name="Gids">Its group map.</param>
/// <remarks>
/// Fixed in size, so that there is no length to lie about. Little-endian 32-bit numbers: magic, version, operation, flags (0),
/// number of user lines, number of group lines, two zeros; then room for 340 lines of three numbers (on disk, shown, how many)
/// for users and as many for groups, the unused ones zero. docs/design/broker.md.
/// </remarks>
public sealed record BrokerRequest(BrokerOperation Operation, ImmutableArray<IdMapping> Uids, ImmutableArray<IdMapping> Gids)
{
    /// <summary>The length of the message: a header of 32 bytes and two maps of as many lines as the kernel takes.</summary>
    public const int Size = HeaderSize + 2 * IdMap.MaxExtents * LineSize;

    /// <summary>The version of the protocol.</summary>
    public const uint Version = 1;

    /// <summary>How many descriptors come with <see cref="BrokerOperation.MapMount"/>.</summary>
    public const int Descriptors = 2;

    /// <summary>"CSRB".</summary>
    internal const uint Magic = 0x42525343;

    private const int HeaderSize = 32;
    private const int LineSize = 12;

    /// <summary>The message.</summary>
    /// <exception cref="ArgumentException">A map has more lines than the kernel takes.</exception>
    public byte[] Encode()
    {
        byte[] message = new byte[Size];
        Span<uint> header = [Magic, Version, (uint)Operation, 0, (uint)Uids.Length, (uint)Gids.Length];
        for (int i = 0; i < header.Length; i++)
        {
            Put(message, i * 4, header[i]);
        }

        Encode(message, HeaderSize, Uids);
        Encode(message, HeaderSize + IdMap.MaxExtents * LineSize, Gids);
        return message;
    }

    /// <summary>Reads a message; nothing in it is trusted.</summary>
    /// <param name="message">What came.</param>
    /// <param name="request">The request, when the answer is null.</param>
    /// <returns>Null, or why this is no request.</returns>
    public static BrokerRefusal? Decode(ReadOnlySpan<byte> message, out BrokerRequest? request)
    {
        request = null;
        if (message.Length != Size)
        {
            return new BrokerRefusal(BrokerCode.BadMessage, $"a request has {Size} bytes, and {message.Length} came");
        }

        if (Get(message, 0) != Magic)
        {
            return new BrokerRefusal(BrokerCode.BadMessage, "the message does not begin as a request does");
        }

        if (Get(message, 4) is not Version and uint other)
        {
            return new BrokerRefusal(BrokerCode.OtherVersion, $"the request is of protocol version {other}, and this broker speaks version {Version}");
        }

        BrokerOperation operation = (BrokerOperation)Get(message, 8);
        uint uids = Get(message, 16), gids = Get(message, 20);
        if (operation is not (BrokerOperation.MapMount or BrokerOperation.Status) || Get(message, 12) != 0 || Get(message, 24) != 0 || Get(message, 28) != 0)
        {
            return new BrokerRefusal(BrokerCode.BadMessage, "the request asks for something that this version does not know");
        }

        if (uids > IdMap.MaxExtents || gids > IdMap.MaxExtents)
        {
            return new BrokerRefusal(BrokerCode.BadMap, $"a map has at most {IdMap.MaxExtents} lines, and {Math.Max(uids, gids)} are announced");
        }

        ReadOnlySpan<byte> lines = message[HeaderSize..];
        int half = IdMap.MaxExtents * LineSize;
        if (lines[((int)uids * LineSize)..half].ContainsAnyExcept((byte)0) || lines[(half + (int)gids * LineSize)..].ContainsAnyExcept((byte)0))
        {
            return new BrokerRefusal(BrokerCode.BadMessage, "there is something behind the last line of a map");
        }

        request = new BrokerRequest(operation, Decode(lines[..half], (int)uids), Decode(lines[half..], (int)gids));
        return null;
    }

    private static void Encode(byte[] message, int at, ImmutableArray<IdMapping> map)
    {
        if (map.Length > IdMap.MaxExtents)
        {
            throw new ArgumentException($"a map has at most {IdMap.MaxExtents} lines", nameof(map));
        }

        foreach (IdMapping line in map)
        {
            Put(message, at, line.ContainerId);
            Put(message, at + 4, line.HostId);
            Put(message, at + 8, line.Size);
            at += LineSize;
        }
    }

    private static ImmutableArray<IdMapping> Decode(ReadOnlySpan<byte> lines, int count)
    {
        ImmutableArray<IdMapping>.Builder map = ImmutableArray.CreateBuilder<IdMapping>(count);
        for (int i = 0; i < count; i++)
        {
            map.Add(new IdMapping(Get(lines, i * LineSize), Get(lines, i * LineSize + 4), Get(lines, i * LineSize + 8)));
        }

        return map.MoveToImmutable();
    }

    private static void Put(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private static uint Get(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
