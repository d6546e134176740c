using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

/// <summary>Files and directories in tmp/ that are locked from birth, so that a cleaner sees which are dead.</summary>
/// <remarks>flock(2) ends with the last process that has the descriptor: SIGKILL leaves a name without a lock.</remarks>
internal static class TemporaryName
{
    private const int Attempts = 100;

    internal static (SafeFd Fd, string Path) CreateFile(string tmp, string prefix)
    {
        for (int attempt = 0; ; attempt++)
        {
            string path = NewPath(tmp, prefix);
            SysResult made = Sys.Openat2(null, path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, FileModes.Rw);
            if (made.Errno == Errno.EEXIST && attempt < Attempts)
            {
                continue;
            }

            SafeFd fd = made.FdOrThrow("openat2", path, Unpacking.UnpackErrors.Why(made.Errno), Unpacking.UnpackErrors.Fix(made.Errno));
            if (LockNew(fd, path) || attempt >= Attempts)
            {
                return (fd, path);
            }

            fd.Dispose();
        }
    }

    internal static (SafeFd Fd, string Path) CreateDirectory(string tmp, string prefix)
    {
        for (int attempt = 0; ; attempt++)
        {
            string path = NewPath(tmp, prefix);
            SysResult made = Sys.Mkdirat(null, path, FileModes.Rwx);
            if (made.Errno == Errno.EEXIST && attempt < Attempts)
            {
                continue;
            }

            if (!made.Ok)
            {
                throw new KernelException("mkdirat", path, made.Errno, Unpacking.UnpackErrors.Why(made.Errno), Unpacking.UnpackErrors.Fix(made.Errno));
            }

            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
            if (opened.Errno == Errno.ENOENT && attempt < Attempts)
            {
                continue;
            }

            SafeFd fd = opened.FdOrThrow("openat2", path);
            if (LockNew(fd, path) || attempt >= Attempts)
            {
                return (fd, path);
            }

            fd.Dispose();
        }
    }

    // Between making and locking a cleaner may have taken it for dead: then its lock is held or its name is gone.
    private static bool LockNew(SafeFd fd, string path) =>
        Sys.Flock(fd, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok && Sys.Statx(null, path, out _).Ok;

    private static string NewPath(string tmp, string prefix) =>
        $"{tmp}/{prefix}-{Environment.ProcessId}-{Random.Shared.NextInt64():x16}";
}
