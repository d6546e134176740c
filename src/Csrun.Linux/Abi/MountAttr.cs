namespace Csrun.Linux.Abi;

/// <summary>Attributes of a mount for fsmount(2) and mount_setattr(2) (linux/mount.h).</summary>
[Flags]
#pragma warning disable CS1591 // mount_setattr(2)
public enum MountAttr : ulong
{
    MOUNT_ATTR_RDONLY = 0x1,
    MOUNT_ATTR_NOSUID = 0x2,
    MOUNT_ATTR_NODEV = 0x4,
    MOUNT_ATTR_NOEXEC = 0x8,
    MOUNT_ATTR_RELATIME = 0x0,
    MOUNT_ATTR_NOATIME = 0x10,
    MOUNT_ATTR_STRICTATIME = 0x20,
    MOUNT_ATTR__ATIME = 0x70,
    MOUNT_ATTR_NODIRATIME = 0x80,
    MOUNT_ATTR_IDMAP = 0x100000,
    MOUNT_ATTR_NOSYMFOLLOW = 0x200000,
}
#pragma warning restore CS1591
