namespace Csrun.Linux.IdMaps;

/// <summary>Both maps of one user namespace, with IDs that cannot be mixed up.</summary>
/// <param name="Uid">The uid_map.</param>
/// <param name="Gid">The gid_map.</param>
public sealed record IdMapPair(IdMap Uid, IdMap Gid)
{
    /// <summary>The host's name for a user of the container, or null.</summary>
    public HostUid? ToHost(ContainerUid id) => Uid.ToHost(id.Value) is uint host ? new HostUid(host) : null;

    /// <summary>The host's name for a group of the container, or null.</summary>
    public HostGid? ToHost(ContainerGid id) => Gid.ToHost(id.Value) is uint host ? new HostGid(host) : null;

    /// <summary>The container's name for a user of the host, or null.</summary>
    public ContainerUid? ToContainer(HostUid id) => Uid.ToContainer(id.Value) is uint inside ? new ContainerUid(inside) : null;

    /// <summary>The container's name for a group of the host, or null.</summary>
    public ContainerGid? ToContainer(HostGid id) => Gid.ToContainer(id.Value) is uint inside ? new ContainerGid(inside) : null;

    /// <summary>A short name for this pair, 16 hexadecimal digits: the same for all spellings of the same mapping. Names the unpacked tree of an image.</summary>
    /// <remarks>FNV-1a over the normalised numbers, then mixed (MurmurHash3's finaliser). Not a cryptographic digest on purpose: loading
    /// the library for one costs more than the whole launch, and nobody but the store's owner chooses its maps.</remarks>
    public string MapKey()
    {
        ulong hash = Add(14695981039346656037, Uid.Normalize());
        // A separator that no number of a map equals: 4294967295 is never a container ID.
        hash = Add(Add(hash, uint.MaxValue), Gid.Normalize());
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        hash ^= hash >> 33;
        return hash.ToString("x16");
    }

    private static ulong Add(ulong hash, IdMap map)
    {
        foreach (IdMapping m in map.Mappings)
        {
            hash = Add(Add(Add(hash, m.ContainerId), m.HostId), m.Size);
        }

        return hash;
    }

    private static ulong Add(ulong hash, uint value)
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            hash = (hash ^ ((value >> shift) & 0xff)) * 1099511628211;
        }

        return hash;
    }
}
