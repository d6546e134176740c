using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>openat2(2), since Linux 5.6: opens <paramref name="path"/> relative to <paramref name="dirfd"/> under resolve rules. O_CLOEXEC is always added.</summary>
    /// <param name="dirfd">The directory to start from, or null for the current one (AT_FDCWD).</param>
    /// <param name="path">The path.</param>
    /// <param name="flags">O_* flags.</param>
    /// <param name="mode">Permission bits of a new file; 0 when none is made.</param>
    /// <param name="resolve">How the path may resolve; RESOLVE_IN_ROOT for every path that a container has a say in.</param>
    public static SysResult Openat2(SafeFd? dirfd, string path, OpenFlags flags, uint mode = 0, ResolveFlags resolve = 0) =>
        Openat2(dirfd, CString(path), flags, mode, resolve);

    /// <summary>openat2(2) with a path of raw bytes that ends with a zero.</summary>
    public static SysResult Openat2(SafeFd? dirfd, ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0, ResolveFlags resolve = 0)
    {
        if (path.IsEmpty || path[^1] != 0)
        {
            throw new ArgumentException("the path must end with a zero byte", nameof(path));
        }

        OpenHow how = new() { flags = (ulong)(flags | OpenFlags.O_CLOEXEC).ForKernel(), mode = mode, resolve = (ulong)resolve };
        // SAFETY: both pointers are to memory pinned or on this stack frame for the duration of the call; the path is zero-terminated.
        fixed (byte* p = path)
        {
            SysResult result = Retry(Syscall.openat2, Dirfd(dirfd), (nint)p, (nint)(&how), sizeof(OpenHow));
            GC.KeepAlive(dirfd);
            return result;
        }
    }

    private static nint Dirfd(SafeFd? dirfd) => dirfd?.Number ?? AT_FDCWD;

    private const int AT_FDCWD = -100;

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }
}
