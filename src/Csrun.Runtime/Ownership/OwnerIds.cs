using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Ownership;

/// <summary>Host IDs as this process names them: the map of its user namespace.</summary>
/// <param name="Maps">Local ID (as container ID) to the host's.</param>
public sealed record OwnerIds(IdMapPair Maps)
{
    /// <summary>This process's own.</summary>
    public static OwnerIds OfThisProcess() => new(new IdMapPair(
        IdMap.ParseProcFile(SmallFile.Read("/proc/self/uid_map") ?? ""),
        IdMap.ParseProcFile(SmallFile.Read("/proc/self/gid_map") ?? "")));

    /// <summary>The host's name for a local user; null where it has none.</summary>
    public uint? HostUid(uint local) => Maps.Uid.ToHost(local);

    /// <summary>The host's name for a local group; null where it has none.</summary>
    public uint? HostGid(uint local) => Maps.Gid.ToHost(local);

    /// <summary>The local name of a user of the host; null where it has none.</summary>
    public uint? LocalUid(uint host) => Maps.Uid.ToContainer(host);

    /// <summary>The local name of a group of the host; null where it has none.</summary>
    public uint? LocalGid(uint host) => Maps.Gid.ToContainer(host);
}
