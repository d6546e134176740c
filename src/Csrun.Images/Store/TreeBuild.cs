using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

/// <summary>A tree that is being unpacked: a directory in tmp/, and the lock that makes others wait for it.</summary>
/// <remarks>The directory is a wrapper that belongs to the caller and stays so; the tree is <c>rootfs</c> in it. Renaming a
/// directory to another parent takes write permission on it (its ".." changes), which the caller lacks on a rootfs
/// that belongs to a subordinate ID, and has on the wrapper.</remarks>
public sealed class TreeBuild : IDisposable
{
    private readonly FileLock _lock;
    private readonly string _destination;
    private readonly string _tmp;
    private bool _ended;

    internal TreeBuild(FileLock treeLock, string tmp, string destination)
    {
        _lock = treeLock;
        _tmp = tmp;
        _destination = destination;
        (Directory, Path) = TemporaryName.CreateDirectory(tmp, "tree");
        // Whatever ID the unpacking process has, it may make rootfs in here; nobody else gets past tmp/, which is 0700.
        Sys.Fchmod(Directory, FileModes.All).OrThrow("fchmod", Path);
    }

    /// <summary>The wrapper directory; the unpacking process makes <c>rootfs</c> in it (<see cref="Unpacker.CreateRoot"/>). Locked while anyone has it open.</summary>
    public SafeFd Directory { get; }

    /// <summary>The wrapper's path, for messages.</summary>
    public string Path { get; }

    /// <summary>Makes the finished tree appear in the store.</summary>
    /// <returns>The path of its root.</returns>
    /// <exception cref="KernelException">The rename failed.</exception>
    public string Publish()
    {
        Sys.Fchmod(Directory, FileModes.Rwx).OrThrow("fchmod", Path);
        SysResult moved = Sys.Renameat2(null, Path, null, _destination, noReplace: true);
        // Renamed under the tree's lock: whatever is there already is a finished tree from before.
        if (moved.Errno != Errno.EEXIST)
        {
            moved.OrThrow("renameat2", _destination);
            _ended = true;
            // From here on the lock of the directory is for containers that use it (ImageStore.HoldTree).
            Sys.Flock(Directory, FlockOperation.LOCK_UN);
        }

        return $"{_destination}/rootfs";
    }

    /// <summary>Removes what was unpacked so far.</summary>
    /// <returns>What became of it; with EACCES or EPERM the rest belongs to IDs of the user namespace, and has to be removed from inside it (<see cref="TreeRemover"/>).</returns>
    public TreeRemoval Abandon()
    {
        _ended = true;
        Sys.Fchmod(Directory, FileModes.Rwx);
        using SafeFd tmp = Sys.Openat2(null, _tmp, OpenFlags.O_DIRECTORY).FdOrThrow("openat2", _tmp);
        return TreeRemover.Remove(tmp, System.IO.Path.GetFileName(Path));
    }

    /// <summary>Gives the locks back; what was not published is removed as far as this process may.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            Abandon();
        }

        Directory.Dispose();
        _lock.Dispose();
    }
}
