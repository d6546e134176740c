namespace Csrun.Linux.Abi;

/// <summary>Flags of umount2(2).</summary>
[Flags]
#pragma warning disable CS1591 // umount2(2)
public enum UmountFlags
{
    MNT_FORCE = 1,
    MNT_DETACH = 2,
    MNT_EXPIRE = 4,
    UMOUNT_NOFOLLOW = 8,
}
#pragma warning restore CS1591
