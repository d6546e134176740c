using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

/// <summary>An exclusive flock(2) on a file that is there for it only and goes with it; a dead process' lock is gone by itself.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly string _path;
    private readonly SafeFd _fd;

    private FileLock(string path, SafeFd fd)
    {
        _path = path;
        _fd = fd;
    }

    /// <summary>Waits for the lock.</summary>
    internal static FileLock Acquire(string path)
    {
        while (true)
        {
            SafeFd fd = Sys.Openat2(null, path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_NOFOLLOW, FileModes.Rw).FdOrThrow("openat2", path);
            SysResult locked = Sys.Flock(fd, FlockOperation.LOCK_EX);
            if (!locked.Ok)
            {
                fd.Dispose();
                throw new KernelException("flock", path, locked.Errno);
            }

            // Whoever had it before removed the file: then this is a lock on nothing, and another process may have a new file.
            if (Sys.Statx(null, path, out FileStat named).Ok && Sys.Statx(fd, "\0"u8, out FileStat own).Ok && named.ino == own.ino)
            {
                return new FileLock(path, fd);
            }

            fd.Dispose();
        }
    }

    /// <summary>Removes the file, then the lock, in this order.</summary>
    public void Dispose()
    {
        Sys.Unlinkat(null, _path);
        _fd.Dispose();
    }
}
