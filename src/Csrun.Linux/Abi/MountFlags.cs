namespace Csrun.Linux.Abi;

/// <summary>Flags of mount(2) (linux/mount.h).</summary>
[Flags]
#pragma warning disable CS1591 // mount(2)
public enum MountFlags : uint
{
    MS_RDONLY = 1,
    MS_NOSUID = 2,
    MS_NODEV = 4,
    MS_NOEXEC = 8,
    MS_REMOUNT = 32,
    MS_BIND = 4096,
    MS_REC = 16384,
    MS_UNBINDABLE = 1 << 17,
    MS_PRIVATE = 1 << 18,
    MS_SLAVE = 1 << 19,
    MS_SHARED = 1 << 20,
}
#pragma warning restore CS1591
