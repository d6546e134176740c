using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fchmodat(2), which follows a symbolic link: for names that are known to be none.</summary>
    public static SysResult Fchmodat(SafeFd? dirfd, ReadOnlySpan<byte> path, uint mode) => AtPath(Syscall.fchmodat, dirfd, path, (nint)mode);
}
