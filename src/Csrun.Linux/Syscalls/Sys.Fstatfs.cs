using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fstatfs(2): the file system that a descriptor (O_PATH too, since Linux 3.12) lies on.</summary>
    public static SysResult Fstatfs(SafeFd fd, out FileSystemStat buf)
    {
        FileSystemStat buffer = default;
        // SAFETY: FileSystemStat has the 120 bytes of struct statfs, on this frame.
        SysResult result = Retry(Syscall.fstatfs, Dirfd(fd), (nint)(&buffer));
        GC.KeepAlive(fd);
        buf = buffer;
        return result;
    }
}
