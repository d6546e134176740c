using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>unlinkat(2): removes a name, or an empty directory.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The path, with its terminating zero; its last component is never followed.</param>
    /// <param name="directory">AT_REMOVEDIR: the name is a directory.</param>
    public static SysResult Unlinkat(SafeFd? dirfd, ReadOnlySpan<byte> path, bool directory = false) =>
        AtPath(Syscall.unlinkat, dirfd, path, directory ? AT_REMOVEDIR : 0);

    /// <summary>unlinkat(2) with a path of text.</summary>
    public static SysResult Unlinkat(SafeFd? dirfd, string path, bool directory = false) => Unlinkat(dirfd, CString(path), directory);

    private const int AT_REMOVEDIR = 0x200;
}
