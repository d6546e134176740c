using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>mknodat(2): makes a fifo, a socket or a device node; the last component is never followed.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The path, with its terminating zero.</param>
    /// <param name="mode">S_IFIFO, S_IFCHR or S_IFBLK with permission bits, less the umask.</param>
    /// <param name="major">Major device number; 0 for a fifo.</param>
    /// <param name="minor">Minor device number; 0 for a fifo.</param>
    public static SysResult Mknodat(SafeFd? dirfd, ReadOnlySpan<byte> path, uint mode, uint major, uint minor)
    {
        // The kernel call takes 32 bits (new_decode_dev in linux/kdev_t.h): 12 of major, 20 of minor.
        uint dev = (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
        return AtPath(Syscall.mknodat, dirfd, path, (nint)mode, (nint)dev);
    }
}
