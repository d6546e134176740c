using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Launch;

/// <summary>Makes the ID-mapped mounts that csrun sends to the child.</summary>
internal static class IdMappedMounts
{
    public static SafeFd Make(IdMappedMount mount, int childPid)
    {
        bool ownMap = mount.Uid is not null && mount.Gid is not null;
        using SafeFd? container = ownMap ? null : UserNamespaces.Of(childPid);
        return DetachedMounts.IdMapped(new IdMappedCopy(mount.Source)
        {
            Maps = ownMap ? new IdMapPair(new IdMap(mount.Uid!.Value), new IdMap(mount.Gid!.Value)) : null,
            UserNamespace = container,
            Recursive = mount.Recursive,
            MapBelow = mount.MapBelow,
            Set = mount.ReadOnly ? MountAttr.MOUNT_ATTR_RDONLY : 0,
        });
    }
}
