using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Runtime.Broker;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Launch;

/// <summary>Makes the ID-mapped mounts that csrun sends to the child.</summary>
internal static class IdMappedMounts
{
    public static SafeFd Make(IdMappedMount mount, int childPid)
    {
        if (mount.Broker is { } broker)
        {
            // Opened here, in the host's mount namespace: a descriptor of the child's would not do (open_tree(2), EINVAL).
            using SafeFd source = DetachedMounts.Open(mount.Source);
            using SafeFd userns = UserNamespaces.Of(childPid);
            return BrokerClient.MapMount(broker, source, userns, mount.Uid ?? [], mount.Gid ?? [], $"the ID map of \"{mount.Source}\"");
        }

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
