using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;

namespace Csrun.Runtime.Mounts;

/// <summary>An ID-mapped, detached copy of a mount, to be made by <see cref="DetachedMounts.IdMapped"/>.</summary>
/// <param name="Path">The directory or file that becomes the copy's root: opened, links followed, unless <see cref="Source"/> is given; in messages it stands for it.</param>
public sealed record IdMappedCopy(string Path)
{
    /// <summary>The source, opened already (O_PATH too); of csrun's own mount namespace. It stays the caller's to close.</summary>
    public SafeFd? Source { get; init; }

    /// <summary>From IDs on disk (as container IDs) to the IDs that the mount shows, in csrun's own user namespace. Or <see cref="UserNamespace"/>.</summary>
    public IdMapPair? Maps { get; init; }

    /// <summary>The user namespace whose maps the mount gets. It stays the caller's to close.</summary>
    public SafeFd? UserNamespace { get; init; }

    /// <summary>Whether the mounts below come along.</summary>
    public bool Recursive { get; init; }

    /// <summary>Whether those are ID-mapped as well: all of them, or the copy fails.</summary>
    public bool MapBelow { get; init; }

    /// <summary>Whether a mount that is ID-mapped already gets the new map in place of its own, which Linux can since 6.15; else it is refused.</summary>
    public bool ReplaceMap { get; init; }

    /// <summary>Attributes to set on the copy, and with <see cref="MapBelow"/> on those below.</summary>
    public MountAttr Set { get; init; }

    /// <summary>Attributes to clear likewise.</summary>
    public MountAttr Clear { get; init; }

    /// <summary>MS_PRIVATE, MS_SLAVE or MS_SHARED; 0 leaves it as the source's.</summary>
    public MountFlags Propagation { get; init; }
}
