using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fchownat(2) with AT_SYMLINK_NOFOLLOW: the owner of a name, of the link itself where it is one.</summary>
    /// <param name="dirfd">The directory to start from.</param>
    /// <param name="path">The path, with its terminating zero; a single zero means <paramref name="dirfd"/> itself, O_PATH included (AT_EMPTY_PATH).</param>
    /// <param name="owner">User ID in this process's user namespace.</param>
    /// <param name="group">Group ID in this process's user namespace.</param>
    public static SysResult Fchownat(SafeFd? dirfd, ReadOnlySpan<byte> path, uint owner, uint group) =>
        AtPath(Syscall.fchownat, dirfd, path, (nint)owner, (nint)group, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);

    private const int AT_EMPTY_PATH = 0x1000;
}
