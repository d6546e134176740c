namespace Csrun.Linux.Abi;

/// <summary>Flags of open_tree(2) (linux/mount.h, linux/fcntl.h).</summary>
[Flags]
#pragma warning disable CS1591 // open_tree(2)
public enum OpenTreeFlags : uint
{
    OPEN_TREE_CLONE = 0x1,
    OPEN_TREE_CLOEXEC = 0x80000,
    AT_SYMLINK_NOFOLLOW = 0x100,
    AT_EMPTY_PATH = 0x1000,
    AT_RECURSIVE = 0x8000,
}
#pragma warning restore CS1591
