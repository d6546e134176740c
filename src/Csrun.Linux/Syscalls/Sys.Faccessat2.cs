using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>faccessat2(2) with AT_EACCESS, since Linux 5.8: what this process's effective IDs and capabilities allow; EROFS where the mount is read-only.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The path, with its terminating zero.</param>
    /// <param name="mode">4 read, 2 write, 1 execute or search, added up.</param>
    public static SysResult Faccessat2(SafeFd? dirfd, ReadOnlySpan<byte> path, int mode) => AtPath(Syscall.faccessat2, dirfd, path, mode, AT_EACCESS);

    private const int AT_EACCESS = 0x200;
}
