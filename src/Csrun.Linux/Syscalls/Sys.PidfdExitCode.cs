using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>ioctl(2) with PIDFD_GET_INFO and PIDFD_INFO_EXIT, since Linux 6.15: how a process ended, for any holder of its pidfd, after its parent has reaped it.</summary>
    /// <param name="pidfd">The process, opened before it was reaped.</param>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it; ENOTTY or EINVAL from an older kernel, ENODATA when it has not been reaped.</returns>
    public static SysResult PidfdExitCode(SafeFd pidfd)
    {
        // struct pidfd_info, version 1 (linux/pidfd.h): mask 8, cgroupid 8, eleven 32-bit IDs, exit_code at 60.
        const int Size = 64;
        const ulong PIDFD_INFO_EXIT = 8;
        byte* info = stackalloc byte[Size];
        new Span<byte>(info, Size).Clear();
        *(ulong*)info = PIDFD_INFO_EXIT;
        // SAFETY: the kernel writes as many bytes as the command's size field says. _IOWR(0xFF, 11, 64 bytes).
        SysResult result = Retry(Syscall.ioctl, pidfd.Number, unchecked((nint)(0xC0000000 | (Size << 16) | 0xFF00 | 11)), (nint)info);
        GC.KeepAlive(pidfd);
        if (!result.Ok)
        {
            return result;
        }

        if ((*(ulong*)info & PIDFD_INFO_EXIT) == 0)
        {
            return new SysResult(-1, Errno.ENODATA);
        }

        int status = *(int*)(info + 60);
        return new SysResult((status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f), Errno.None);
    }
}
