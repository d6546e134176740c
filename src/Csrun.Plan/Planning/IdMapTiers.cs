using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>Chooses how a mount gets its ID map; pure.</summary>
public static class IdMapTiers
{
    /// <summary>Whether a mount of the configuration is to be ID-mapped: the option, or mappings of its own.</summary>
    public static bool Wants(Mount mount)
    {
        MountOptions options = MountOptions.Parse(mount.Options, mount.Type);
        return options.Bind && mount.Source is not null && (options.IdMap || mount.UidMappings.Count > 0);
    }

    /// <summary>Whether a tmpfs of the configuration is to be ID-mapped by maps of its own: it belongs to the container's user namespace, whose root may.</summary>
    /// <remarks>Without mappings there is nothing to do: the container's own map is the file system's own, under which nothing changes.</remarks>
    public static bool WantsOwnTmpfs(Mount mount)
    {
        MountOptions options = MountOptions.Parse(mount.Options, mount.Type);
        return !options.Bind && mount.Type == "tmpfs" && (mount.UidMappings.Count != 0 || mount.Options.Any(MountIdMapOption.HasRanges));
    }

    /// <summary>The maps of such a tmpfs, from the ID that it stores to the container's ID that this counts as.</summary>
    /// <exception cref="CsrunException">A host ID of the mappings is none of the container's.</exception>
    public static IdMapPair OfTmpfs(Spec spec, Mount mount)
    {
        (IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) = Ranges(spec, mount);
        IdMapPair container = Container(spec);
        return new IdMapPair(ToContainer(mount, "user", Map(uids), container.Uid), ToContainer(mount, "group", Map(gids), container.Gid));
    }

    private static IdMap ToContainer(Mount mount, string kind, IdMap map, IdMap container)
    {
        IdMap inside = container.IsEmpty ? map : map.Compose(container.Invert());
        return inside.Count == map.Count ? inside : throw new CsrunException(
            $"mount \"{mount.Destination}\": its {kind} map {map.Abbreviated()} cannot be had",
            $"a file system in memory is the container's own, so its IDs can only count as IDs of the container, which are the host's {container.Abbreviated()} (container, host, how many)",
            "name host IDs of the container's map in the middle");
    }

    /// <summary>Whether somebody else has to map a mount for this caller, so that it matters who there is.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="isPrivileged">Whether csrun may map mounts itself.</param>
    /// <param name="uid">The caller.</param>
    /// <param name="gid">The caller's group.</param>
    public static bool NeedMeans(Spec spec, bool isPrivileged, uint uid, uint gid)
    {
        foreach (Mount mount in isPrivileged ? [] : spec.Mounts)
        {
            if (Wants(mount) && !IsAsItIs(Wanted(spec, mount, uid, gid), Container(spec)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The way for one mount that wants a map.</summary>
    public static IdMapTier Choose(Spec spec, Mount mount, HostFacts facts)
    {
        if (facts.IsPrivileged)
        {
            return new IdMapTier.Itself();
        }

        IdMapPair wanted = Wanted(spec, mount, facts.CallerUid, facts.CallerGid);
        return IsAsItIs(wanted, Container(spec)) ? new IdMapTier.NotNeeded()
            : facts.Mapping is { Broker: Errno.None } ? new IdMapTier.ByBroker(wanted)
            : facts.Mapping is { Bindfs: not null, Fuse: Errno.None } && Bindfs(spec, mount, wanted, facts) is { } served ? served
            : new IdMapTier.Refused();
    }

    /// <summary>What to tell the user about a volume that bindfs serves.</summary>
    /// <param name="mount">The volume.</param>
    /// <param name="served">How it is served.</param>
    public static string BindfsNote(Mount mount, IdMapTier.ByBindfs served) =>
        $"volume \"{mount.Destination}\": there is no broker, so bindfs serves it: all files show as user {served.Uid}'s and group {served.Gid}'s, what the container makes belongs to the caller, and chown is refused";

    // bindfs runs as the caller: it opens what the caller may open, and what it makes is the caller's. So it can show one owner for all,
    // and no map that has more in it than where the caller's files go.
    private static IdMapTier.ByBindfs? Bindfs(Spec spec, Mount mount, IdMapPair wanted, HostFacts facts)
    {
        (IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) = Ranges(spec, mount);
        IdMapPair container = Container(spec);
        return uids.Sum(m => (long)m.Size) <= 1 && gids.Sum(m => (long)m.Size) <= 1 && facts.Kind(mount.Source!) == PathKind.Directory
            && !container.Uid.ContainsHost(facts.CallerUid) && !container.Gid.ContainsHost(facts.CallerGid)
            && Shown(container.Uid, wanted.Uid, facts.CallerUid) is { } uid && Shown(container.Gid, wanted.Gid, facts.CallerGid) is { } gid
            ? new IdMapTier.ByBindfs(uid, gid)
            : null;
    }

    private static uint? Shown(IdMap container, IdMap mount, uint caller) => mount.ToHost(caller) is { } host ? container.ToContainer(host) : null;

    /// <summary>Why mounts cannot be mapped, all of them at once.</summary>
    /// <param name="refused">The mounts.</param>
    /// <param name="facts">Who could have mapped them.</param>
    public static CsrunException Refusal(IReadOnlyList<Mount> refused, HostFacts facts)
    {
        string broker = facts.Mapping is not { } means ? "no broker was looked for"
            : means.Broker == Errno.ENOENT ? $"there is no broker (nothing at {means.BrokerSocket})"
            : means.Broker == Errno.ECONNREFUSED ? $"the broker does not run (nobody listens at {means.BrokerSocket})"
            : $"the broker at {means.BrokerSocket} cannot be reached: {means.Broker} ({means.Broker.Describe()})";
        string bindfs = facts.Mapping is not { } served ? ""
            : served.Bindfs is null ? ", and bindfs is not installed"
            : served.Fuse != Errno.None ? $", and {served.Bindfs} cannot be used: /dev/fuse: {served.Fuse} ({served.Fuse.Describe()})"
            : $", and {served.Bindfs} serves directories only, for a container that does not have the caller, and shows one owner for all files";
        return new CsrunException(
            string.Join('\n', refused.Select(m => $"volume \"{m.Destination}\": \"{m.Source}\" cannot be mounted with its ID map")),
            $"the kernel lets only root map mounts of the host's file systems, and {broker}{bindfs}; without the map its files would show with other owners",
            "leave the map to the user namespace, which costs nothing: --userns keep-id, without idmap\nor let the broker do it: sudo csrun broker install");
    }

    /// <summary>The mount's own mappings, or those that its option spells out (crun's <c>idmap=uids=...;gids=...</c>), in IDs of the host.</summary>
    /// <exception cref="CsrunException">A range that counts in the container (<c>@</c>) has an ID that the container has not.</exception>
    public static (IReadOnlyList<LinuxIdMapping> Uids, IReadOnlyList<LinuxIdMapping> Gids) Ranges(Spec spec, Mount mount)
    {
        if (mount.Options.FirstOrDefault(MountIdMapOption.HasRanges) is not { } option)
        {
            return (mount.UidMappings, mount.GidMappings);
        }

        List<string> mistakes = [];
        VolumeMapNotation ranges = VolumeMapNotation.Parse(option[(option.IndexOf('=', StringComparison.Ordinal) + 1)..], mistakes);
        IdMapPair container = Container(spec);
        IdMapPair maps = ranges.Resolve(container.Uid.IsEmpty ? new IdMapPair(IdMap.Identity, IdMap.Identity) : container, mistakes);
        return mistakes.Count == 0
            ? (Convert(maps.Uid), Convert(maps.Gid))
            : throw new CsrunException($"mount \"{mount.Destination}\": \"{option}\"", string.Join('\n', mistakes), "name IDs of the container's own map, or leave the @ out for IDs of the host");
    }

    private static LinuxIdMapping[] Convert(IdMap map) => [.. map.Mappings.Select(m => new LinuxIdMapping(m.ContainerId, m.HostId, m.Size))];

    /// <summary>The maps of a mount for an ordinary caller: those that are spelled out; else the caller's files are the container's root's
    /// where the container does not have the caller, and every other ID is itself.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="mount">The mount.</param>
    /// <param name="uid">The caller.</param>
    /// <param name="gid">The caller's group.</param>
    /// <returns>ID on disk (as container ID) to the ID of the host that the mount shows.</returns>
    public static IdMapPair Wanted(Spec spec, Mount mount, uint uid, uint gid)
    {
        (IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) = Ranges(spec, mount);
        IdMapPair container = Container(spec);
        return new IdMapPair(
            uids.Count != 0 ? Map(uids) : Implicit(container.Uid, uid),
            gids.Count != 0 ? Map(gids) : Implicit(container.Gid, gid));
    }

    private static IdMap Implicit(IdMap container, uint caller)
    {
        ImmutableArray<IdMapping>.Builder lines = ImmutableArray.CreateBuilder<IdMapping>();
        uint? root = container.ContainsHost(caller) || container.IsEmpty ? null : container.ToHost(container.Normalize().Mappings[0].ContainerId);
        if (root is { } shown)
        {
            lines.Add(new IdMapping(caller, shown, 1));
        }

        foreach (IdMapping line in container.Mappings)
        {
            // Around the ID that the caller's files show as: no ID may be shown twice.
            ulong end = (ulong)line.HostId + line.Size;
            if (root is not { } taken || taken < line.HostId || taken >= end)
            {
                Add(lines, line.HostId, end);
                continue;
            }

            Add(lines, line.HostId, taken);
            Add(lines, taken + 1, end);
        }

        return new IdMap(lines.ToImmutable());
    }

    private static void Add(ImmutableArray<IdMapping>.Builder lines, ulong from, ulong end)
    {
        if (from < end)
        {
            lines.Add(new IdMapping((uint)from, (uint)from, (uint)(end - from)));
        }
    }

    // From the container to the disk, through both maps: the same as through the container's alone.
    private static bool IsAsItIs(IdMapPair mount, IdMapPair container) =>
        container.Uid.Compose(mount.Uid.Invert()).Equals(container.Uid.Normalize())
        && container.Gid.Compose(mount.Gid.Invert()).Equals(container.Gid.Normalize());

    private static IdMapPair Container(Spec spec) => new(Map(spec.Linux?.UidMappings ?? []), Map(spec.Linux?.GidMappings ?? []));

    private static IdMap Map(IReadOnlyList<LinuxIdMapping> mappings) => new([.. mappings.Select(m => new IdMapping(m.ContainerID, m.HostID, m.Size))]);
}
