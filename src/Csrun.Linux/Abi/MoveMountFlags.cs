namespace Csrun.Linux.Abi;

/// <summary>Flags of move_mount(2) (linux/mount.h).</summary>
[Flags]
#pragma warning disable CS1591 // move_mount(2)
public enum MoveMountFlags : uint
{
    MOVE_MOUNT_F_EMPTY_PATH = 0x4,
    MOVE_MOUNT_T_EMPTY_PATH = 0x40,
}
#pragma warning restore CS1591
