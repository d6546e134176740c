using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Net;

/// <summary>Network interfaces of one network namespace, by netlink: rtnetlink(7).</summary>
/// <remarks>The socket belongs to the namespace in which it was opened, wherever its process goes.</remarks>
public sealed class RouteSocket : IDisposable
{
    private const int AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000;
    private const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3, RTM_NEWLINK = 16, RTM_GETLINK = 18, RTM_NEWADDR = 20, RTM_GETADDR = 22;
    private const ushort NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_DUMP = 0x300, NLM_F_EXCL = 0x200, NLM_F_CREATE = 0x400;
    private const ushort IFLA_IFNAME = 3, IFLA_NET_NS_FD = 28, IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_BROADCAST = 4, IFA_FLAGS = 8;
    private const uint IFF_UP = 1;
    // What the kernel finds out itself (if_addr.h): secondary, failed, deprecated, tentative, permanent, and a router's temporary ones.
    private const uint OfTheKernel = 0x01 | 0x08 | 0x20 | 0x40 | 0x80 | 0x100, Permanent = 0x80;
    private const int HeaderSize = 16;

    private readonly SafeFd _socket;
    private readonly byte[] _buffer = new byte[32768];
    private uint _sequence;

    private RouteSocket(SafeFd socket) => _socket = socket;

    /// <summary>Opens one in this thread's network namespace.</summary>
    public static RouteSocket Open() => new(Sys.Call(Syscall.socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0).FdOrThrow("socket(AF_NETLINK)"));

    /// <summary>The interface with a name.</summary>
    /// <returns>ENODEV where there is none.</returns>
    public SysResult Find(string name, out NetworkInterface found)
    {
        NetworkInterface seen = default;
        SysResult result = Ask(RTM_GETLINK, NLM_F_ACK, Link(0, 0, 0, (IFLA_IFNAME, Name(name))), body =>
            seen = new NetworkInterface(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), (BinaryPrimitives.ReadUInt32LittleEndian(body[8..]) & IFF_UP) != 0));
        found = seen;
        return result;
    }

    /// <summary>The addresses of an interface that mean the same elsewhere: global ones, that somebody has given it for good.</summary>
    public SysResult Addresses(int index, out IReadOnlyList<InterfaceAddress> addresses)
    {
        List<InterfaceAddress> found = [];
        addresses = found;
        return Ask(RTM_GETADDR, NLM_F_DUMP, new byte[8], body =>
        {
            // struct ifaddrmsg { u8 family, prefixlen, flags, scope; u32 index }
            if (BinaryPrimitives.ReadInt32LittleEndian(body[4..]) != index || body[3] != 0)
            {
                return;
            }

            uint flags = body[2];
            ImmutableArray<(ushort, ImmutableArray<byte>)>.Builder kept = ImmutableArray.CreateBuilder<(ushort, ImmutableArray<byte>)>();
            for (ReadOnlySpan<byte> rest = body[8..]; rest.Length >= 4;)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                ushort type = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
                if (length < 4 || length > rest.Length)
                {
                    break;
                }

                ReadOnlySpan<byte> value = rest[4..length];
                flags = type == IFA_FLAGS ? BinaryPrimitives.ReadUInt32LittleEndian(value) : flags;
                if (type is IFA_LOCAL or IFA_ADDRESS or IFA_BROADCAST)
                {
                    kept.Add((type, [.. value]));
                }

                rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
            }

            if ((flags & Permanent) != 0)
            {
                found.Add(new InterfaceAddress(body[0], body[1], flags & ~OfTheKernel, kept.ToImmutable()));
            }
        });
    }

    /// <summary>Puts an interface up or down.</summary>
    public SysResult Set(int index, bool up) => Ask(RTM_NEWLINK, NLM_F_ACK, Link(index, up ? IFF_UP : 0, IFF_UP), null);

    /// <summary>Moves an interface into another network namespace, under a name there.</summary>
    public SysResult Move(int index, SafeFd netns, string name)
    {
        SysResult result = Ask(RTM_NEWLINK, NLM_F_ACK, Link(index, 0, 0, (IFLA_NET_NS_FD, BitConverter.GetBytes(netns.Number)), (IFLA_IFNAME, Name(name))), null);
        GC.KeepAlive(netns);
        return result;
    }

    /// <summary>Gives an interface an address.</summary>
    public SysResult Add(int index, InterfaceAddress address)
    {
        List<byte> message = [address.Family, address.PrefixLength, 0, 0, .. BitConverter.GetBytes(index)];
        foreach ((ushort type, ImmutableArray<byte> value) in address.Attributes)
        {
            Attribute(message, type, value.AsSpan());
        }

        Attribute(message, IFA_FLAGS, BitConverter.GetBytes(address.Flags));
        return Ask(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, [.. message], null);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private delegate void Body(ReadOnlySpan<byte> body);

    private SysResult Ask(ushort type, ushort flags, byte[] payload, Body? each)
    {
        byte[] message = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)(flags | NLM_F_REQUEST));
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), ++_sequence);
        payload.CopyTo(message, HeaderSize);
        SysResult written = Sys.Write(_socket, message);
        if (!written.Ok)
        {
            return written;
        }

        while (true)
        {
            SysResult read = Sys.Read(_socket, _buffer);
            if (!read.Ok)
            {
                return read;
            }

            for (ReadOnlySpan<byte> rest = _buffer.AsSpan(0, read.Int); rest.Length >= HeaderSize;)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (length < HeaderSize || length > rest.Length)
                {
                    break;
                }

                ushort kind = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                ReadOnlySpan<byte> body = rest[HeaderSize..length];
                if (kind is NLMSG_ERROR or NLMSG_DONE)
                {
                    int error = body.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
                    return error == 0 ? new SysResult(0, Errno.None) : new SysResult(-1, (Errno)(-error));
                }

                each?.Invoke(body);
                rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
            }
        }
    }

    // struct ifinfomsg { u8 family, pad; u16 type; i32 index; u32 flags, change }
    private static byte[] Link(int index, uint flags, uint change, params ReadOnlySpan<(ushort Type, byte[] Value)> attributes)
    {
        List<byte> message = [0, 0, 0, 0, .. BitConverter.GetBytes(index), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(change)];
        foreach ((ushort type, byte[] value) in attributes)
        {
            Attribute(message, type, value);
        }

        return [.. message];
    }

    private static void Attribute(List<byte> message, ushort type, ReadOnlySpan<byte> value)
    {
        message.AddRange(BitConverter.GetBytes((ushort)(4 + value.Length)));
        message.AddRange(BitConverter.GetBytes(type));
        message.AddRange(value);
        while (message.Count % 4 != 0)
        {
            message.Add(0);
        }
    }

    private static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];
}
