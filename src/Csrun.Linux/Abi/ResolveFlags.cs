namespace Csrun.Linux.Abi;

/// <summary>How openat2(2) may resolve a path (linux/openat2.h).</summary>
[Flags]
#pragma warning disable CS1591 // openat2(2)
public enum ResolveFlags
{
    RESOLVE_NO_XDEV = 0x01,
    RESOLVE_NO_MAGICLINKS = 0x02,
    RESOLVE_NO_SYMLINKS = 0x04,
    RESOLVE_BENEATH = 0x08,
    RESOLVE_IN_ROOT = 0x10,
}
#pragma warning restore CS1591
