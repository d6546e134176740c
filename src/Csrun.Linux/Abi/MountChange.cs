using Csrun.Linux.Handles;

namespace Csrun.Linux.Abi;

/// <summary>What mount_setattr(2) and open_tree_attr(2) change: struct mount_attr.</summary>
/// <param name="Set">Attributes to set. MOUNT_ATTR_IDMAP goes with <paramref name="UserNamespace"/>.</param>
/// <param name="Clear">Attributes to clear.</param>
/// <param name="Propagation">MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE; 0 leaves it.</param>
/// <param name="UserNamespace">Whose maps the mount's become: its container IDs are the IDs on disk, its host IDs those that the mount shows.</param>
public readonly record struct MountChange(MountAttr Set, MountAttr Clear = 0, MountFlags Propagation = 0, SafeFd? UserNamespace = null);
