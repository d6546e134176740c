using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    // linux/mount.h of Linux 6.15: struct mnt_id_req, and offsets in struct statmount, which has 512 bytes before its strings.
    private const int RequestSize = 32;
    private const ulong MountBasic = 0x2;
    private const ulong MountUidMap = 0x2000;
    private const ulong MountGidMap = 0x4000;
    private const int MaskAt = 8;
    private const int OldIdAt = 56;
    private const int AttrAt = 64;
    private const int UidMapAt = 152;
    private const int GidMapAt = 160;
    private const int StringsAt = 512;

    /// <summary>statmount(2), since Linux 6.8, with the mount's ID maps where the kernel has them (since 6.15).</summary>
    /// <param name="id">The mount's unique ID (<see cref="StatxUniqueMountId"/>, <see cref="Listmount"/>).</param>
    /// <param name="mountNamespace">The ID of the mount namespace it is in; 0 for csrun's own.</param>
    /// <param name="details">What the kernel says.</param>
    public static SysResult Statmount(ulong id, ulong mountNamespace, out MountDetails? details)
    {
        details = null;
        ulong* request = stackalloc ulong[RequestSize / 8] { RequestSize, id, MountBasic | MountUidMap | MountGidMap, mountNamespace };
        for (int size = 4096; ; size *= 4)
        {
            byte[] buffer = new byte[size];
            SysResult result;
            // SAFETY: the request has the 32 bytes it says; the buffer is pinned for the call and passed with its length.
            fixed (byte* p = buffer)
            {
                result = Retry(Syscall.statmount, (nint)request, (nint)p, size, 0);
            }

            if (result.Errno == Errno.EOVERFLOW && size < 1 << 20)
            {
                continue;
            }

            if (result.Ok)
            {
                details = Details(buffer);
            }

            return result;
        }
    }

    private static MountDetails Details(ReadOnlySpan<byte> buffer)
    {
        ulong mask = BinaryPrimitives.ReadUInt64LittleEndian(buffer[MaskAt..]);
        bool mapped = ((MountAttr)BinaryPrimitives.ReadUInt64LittleEndian(buffer[AttrAt..]) & MountAttr.MOUNT_ATTR_IDMAP) != 0;
        bool maps = mapped && (mask & MountUidMap) != 0 && (mask & MountGidMap) != 0;
        return new MountDetails(
            BinaryPrimitives.ReadInt32LittleEndian(buffer[OldIdAt..]),
            mapped,
            maps ? new IdMapPair(Map(buffer, UidMapAt), Map(buffer, GidMapAt)) : null);
    }

    // A count, and where among the strings the lines "DISK SHOWN COUNT" begin, one zero-terminated after the other.
    private static IdMap Map(ReadOnlySpan<byte> buffer, int at)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(buffer[at..]);
        int from = StringsAt + BinaryPrimitives.ReadInt32LittleEndian(buffer[(at + 4)..]);
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
        for (uint i = 0; i < count && from < buffer.Length; i++)
        {
            ReadOnlySpan<byte> rest = buffer[from..];
            int end = rest.IndexOf((byte)0);
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            mappings.AddRange(IdMap.ParseProcFile(Encoding.ASCII.GetString(line)).Mappings);
            from += line.Length + 1;
        }

        return new IdMap(mappings.DrainToImmutable());
    }
}
