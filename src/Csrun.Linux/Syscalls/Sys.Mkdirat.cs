using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>mkdirat(2): makes a directory; the last component is never followed.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The path, with its terminating zero.</param>
    /// <param name="mode">Permission bits, less the umask.</param>
    public static SysResult Mkdirat(SafeFd? dirfd, ReadOnlySpan<byte> path, uint mode) => AtPath(Syscall.mkdirat, dirfd, path, (nint)mode);

    /// <summary>mkdirat(2) with a path of text.</summary>
    public static SysResult Mkdirat(SafeFd? dirfd, string path, uint mode) => Mkdirat(dirfd, CString(path), mode);
}
