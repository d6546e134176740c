using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>statx(2) of what a path leads to, symbolic links followed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="statx">What is there.</param>
    public static SysResult StatxFollowing(string path, out FileStat statx)
    {
        FileStat buffer = default;
        // SAFETY: as below.
        fixed (byte* p = CString(path))
        {
            SysResult result = Retry(Syscall.statx, AT_FDCWD, (nint)p, 0, StatxBasic, (nint)(&buffer));
            statx = buffer;
            return result;
        }
    }

    /// <summary>statx(2), since Linux 4.11, without following a symbolic link.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one.</param>
    /// <param name="path">The path with its terminating zero; a single zero means <paramref name="dirfd"/> itself.</param>
    /// <param name="statx">What is known of the file.</param>
    public static SysResult Statx(SafeFd? dirfd, ReadOnlySpan<byte> path, out FileStat statx)
    {
        Zero(path);
        FileStat buffer = default;
        // SAFETY: FileStat has the 256 bytes of struct statx; the path is pinned for the call and ends with a zero.
        fixed (byte* p = path)
        {
            SysResult result = Retry(Syscall.statx, Dirfd(dirfd), (nint)p, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, StatxBasic | StatxMountId, (nint)(&buffer));
            GC.KeepAlive(dirfd);
            statx = buffer;
            return result;
        }
    }

    /// <summary>statx(2) with a path of text.</summary>
    public static SysResult Statx(SafeFd? dirfd, string path, out FileStat statx) => Statx(dirfd, CString(path), out statx);

    /// <summary>statx(2) with STATX_MNT_ID_UNIQUE, since Linux 6.8: the ID of the mount that a descriptor lies on, never used again.</summary>
    /// <returns>A failure, or a value that is not 0 where the kernel knows the ID.</returns>
    public static SysResult StatxUniqueMountId(SafeFd fd, out ulong id)
    {
        FileStat buffer = default;
        byte empty = 0;
        // SAFETY: FileStat has the 256 bytes of struct statx; the empty path is one zero byte.
        SysResult result = Retry(Syscall.statx, fd.Number, (nint)(&empty), AT_EMPTY_PATH, StatxMountIdUnique, (nint)(&buffer));
        GC.KeepAlive(fd);
        id = buffer.mnt_id;
        return result.Ok ? new SysResult((buffer.mask & StatxMountIdUnique) != 0 ? 1 : 0, Errno.None) : result;
    }

    private const int StatxMountIdUnique = 0x4000;
    private const int StatxBasic = 0x7ff;
    private const int StatxMountId = 0x1000;
}
