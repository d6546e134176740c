namespace Csrun.Linux.IdMaps;

/// <summary>One user ID or group ID on all of its way; null where the way has no place for it.</summary>
/// <param name="IsGroup">Whether it is a group's.</param>
/// <param name="From">Where it was counted when it was asked for.</param>
/// <param name="Id">The number that was asked for.</param>
/// <param name="Disk">On disk.</param>
/// <param name="Mount">As the mount shows it.</param>
/// <param name="Host">On the host.</param>
/// <param name="Container">In the container.</param>
public sealed record IdWay(bool IsGroup, IdPlace From, uint Id, uint? Disk, uint? Mount, uint? Host, uint? Container)
{
    /// <summary>What stat(2) shows for an ID that has no place (/proc/sys/kernel/overflowuid).</summary>
    public const uint Overflow = 65534;

    /// <summary>Whether a file could be made with it: a process can have it, and the file system can store it.</summary>
    public bool CanCreate => Host is not null && Disk is not null;

    /// <summary>Follows an ID from one place to all others.</summary>
    /// <param name="isGroup">Whether it is a group's.</param>
    /// <param name="from">Where the number is counted.</param>
    /// <param name="id">The number.</param>
    /// <param name="mount">The mount that files are reached through.</param>
    /// <param name="container">The maps of the container's user namespace.</param>
    public static IdWay Follow(bool isGroup, IdPlace from, uint id, MountIds mount, IdMapPair container) =>
        isGroup ? FollowGroup(from, id, mount, container) : FollowUser(from, id, mount, container);

    private static IdWay FollowUser(IdPlace from, uint id, MountIds mount, IdMapPair container)
    {
        VfsUid? shown = from switch
        {
            IdPlace.Disk => mount.ToVfs(new OnDiskUid(id)),
            IdPlace.Container => container.ToHost(new ContainerUid(id)) is { } host ? VfsUid.Of(host) : null,
            _ => new VfsUid(id),
        };
        return new IdWay(
            false,
            from,
            id,
            from == IdPlace.Disk ? id : shown is { } vfs ? mount.ToDisk(vfs)?.Value : null,
            shown?.Value,
            shown?.ToHost().Value,
            from == IdPlace.Container ? id : shown is { } inside ? container.ToContainer(inside.ToHost())?.Value : null);
    }

    private static IdWay FollowGroup(IdPlace from, uint id, MountIds mount, IdMapPair container)
    {
        VfsGid? shown = from switch
        {
            IdPlace.Disk => mount.ToVfs(new OnDiskGid(id)),
            IdPlace.Container => container.ToHost(new ContainerGid(id)) is { } host ? VfsGid.Of(host) : null,
            _ => new VfsGid(id),
        };
        return new IdWay(
            true,
            from,
            id,
            from == IdPlace.Disk ? id : shown is { } vfs ? mount.ToDisk(vfs)?.Value : null,
            shown?.Value,
            shown?.ToHost().Value,
            from == IdPlace.Container ? id : shown is { } inside ? container.ToContainer(inside.ToHost())?.Value : null);
    }
}
