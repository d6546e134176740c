namespace Csrun.Linux.IdMaps;

/// <summary>How one mount shows owners, with the kernel's own rules.</summary>
/// <param name="Map">The mount's map, from IDs on disk to those it shows; null for a mount that is not ID-mapped.</param>
/// <param name="FileSystem">The map of the user namespace that mounted the file system; null for the host's, where each ID is itself.</param>
/// <remarks>make_vfsuid and from_vfsuid of fs/mnt_idmapping.c; the kernel's Documentation/filesystems/idmappings.rst.</remarks>
public sealed record MountIds(IdMapPair? Map, IdMapPair? FileSystem = null)
{
    /// <summary>A mount without a map, of a file system of the host's.</summary>
    public static MountIds Unmapped { get; } = new(null, null);

    /// <summary>As whose file it shows; null where the map has no such ID: then it is nobody's (65534), cannot be written, and nobody can take it.</summary>
    public VfsUid? ToVfs(OnDiskUid id) => Up(Map?.Uid, FileSystem?.Uid, id.Value) is uint shown ? new VfsUid(shown) : null;

    /// <summary>As which group's file it shows, or null likewise.</summary>
    public VfsGid? ToVfs(OnDiskGid id) => Up(Map?.Gid, FileSystem?.Gid, id.Value) is uint shown ? new VfsGid(shown) : null;

    /// <summary>What is stored for a file that this user makes or gets; null where the map has no ID for it: EOVERFLOW.</summary>
    public OnDiskUid? ToDisk(VfsUid id) => Down(Map?.Uid, FileSystem?.Uid, id.Value) is uint stored ? new OnDiskUid(stored) : null;

    /// <summary>What is stored for a file that this group gets, or null likewise.</summary>
    public OnDiskGid? ToDisk(VfsGid id) => Down(Map?.Gid, FileSystem?.Gid, id.Value) is uint stored ? new OnDiskGid(stored) : null;

    /// <summary>The errno that making a file answers with: EOVERFLOW unless both IDs can be stored (fsuidgid_has_mapping of the kernel).</summary>
    public Abi.Errno Create(VfsUid user, VfsGid group) => ToDisk(user) is null || ToDisk(group) is null ? Abi.Errno.EOVERFLOW : Abi.Errno.None;

    private static uint? Up(IdMap? map, IdMap? fileSystem, uint disk)
    {
        uint? host = fileSystem is null ? disk : fileSystem.ToHost(disk);
        return map is null || host is null ? host : map.ToHost(disk);
    }

    private static uint? Down(IdMap? map, IdMap? fileSystem, uint shown)
    {
        if (map is null)
        {
            return fileSystem is null ? shown : fileSystem.ToContainer(shown);
        }

        uint? disk = map.ToContainer(shown);
        return disk is uint id && fileSystem?.ContainsContainer(id) == false ? null : disk;
    }
}
