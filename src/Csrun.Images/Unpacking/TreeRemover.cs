using System.Buffers.Binary;
using System.Text;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Unpacking;

/// <summary>Removes a tree by descriptors: no symbolic link is followed, no mount point crossed, whatever lies in it.</summary>
public sealed class TreeRemover
{
    // Deeper directories are moved up beside the tree's top first, so that neither the stack nor the open files run out.
    private const int DepthLimit = 64;
    private const OpenFlags Directory = OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
    private const ResolveFlags Stay = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    private long _removed;
    private string? _firstFailure;
    private Errno _errno;
    private SafeFd? _top;
    private int _moved;

    private TreeRemover()
    {
    }

    /// <summary>Removes a file, or a directory with all that is in it; what is not there counts as removed.</summary>
    /// <param name="parent">The directory that holds it.</param>
    /// <param name="name">Its name, one component.</param>
    /// <returns>What became of it. Goes on after a failure, so that a second run with more privilege has less to do.</returns>
    public static TreeRemoval Remove(SafeFd parent, string name) => Remove(parent, Encoding.UTF8.GetBytes(name + '\0'));

    /// <summary>As <see cref="Remove(SafeFd, string)"/>, with a name of raw bytes that ends with a zero.</summary>
    public static TreeRemoval Remove(SafeFd parent, ReadOnlySpan<byte> name)
    {
        if (name.IndexOfAny((byte)'/', (byte)0) != name.Length - 1 || name is [0] or [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
        {
            throw new ArgumentException("the name must be one component", nameof(name));
        }

        TreeRemover remover = new();
        remover.RemoveName(parent, name.ToArray(), TarEntry.Display(name[..^1]), 0);
        return new TreeRemoval(remover._removed, remover._firstFailure, remover._errno);
    }

    private void RemoveName(SafeFd parent, byte[] name, string path, int depth)
    {
        SysResult unlinked = Sys.Unlinkat(parent, name);
        if (unlinked.Ok)
        {
            _removed++;
            return;
        }

        if (unlinked.Errno == Errno.ENOENT)
        {
            return;
        }

        if (unlinked.Errno != Errno.EISDIR)
        {
            // Some file systems answer EPERM for a directory (unlink(2)); anything else is what it says.
            if (unlinked.Errno != Errno.EPERM || !Sys.Statx(parent, name, out FileStat stat).Ok || !stat.IsDirectory)
            {
                Fail(path, unlinked.Errno);
                return;
            }
        }

        using (SafeFd? fd = OpenDirectory(parent, name, path))
        {
            if (fd is null)
            {
                return;
            }

            SafeFd? top = _top;
            _top ??= fd;
            RemoveContent(fd, path, depth);
            _top = top;
        }

        SysResult gone = Sys.Unlinkat(parent, name, directory: true);
        if (gone.Ok)
        {
            _removed++;
        }
        else if (gone.Errno != Errno.ENOENT)
        {
            Fail(path, gone.Errno);
        }
    }

    private SafeFd? OpenDirectory(SafeFd parent, byte[] name, string path)
    {
        SysResult opened = Sys.Openat2(parent, name, Directory, resolve: Stay);
        if (opened.Errno == Errno.EACCES)
        {
            GiveBack(parent, name);
            opened = Sys.Openat2(parent, name, Directory, resolve: Stay);
        }

        if (!opened.Ok)
        {
            if (opened.Errno != Errno.ENOENT)
            {
                Fail(path, opened.Errno);
            }

            return null;
        }

        return new SafeFd(opened.Int);
    }

    // Its owner took the rights to a directory away; as the owner, give them back through a descriptor, never by name.
    private static void GiveBack(SafeFd parent, byte[] name)
    {
        SysResult handle = Sys.Openat2(parent, name, Directory | OpenFlags.O_PATH, resolve: Stay);
        if (handle.Ok)
        {
            using SafeFd fd = new(handle.Int);
            Sys.Fchmodat(null, Encoding.UTF8.GetBytes(fd.ProcPath + '\0'), FileModes.Rwx);
        }
    }

    private void RemoveContent(SafeFd fd, string path, int depth)
    {
        byte[] buffer = new byte[4096];
        bool writable = false;
        long before;
        do
        {
            // Removing while reading may skip entries on some file systems: again from the start until nothing goes any more.
            before = _removed;
            Sys.Lseek(fd, 0, 0);
            int length;
            while ((length = Math.Max(0, Sys.Getdents64(fd, buffer).Int)) > 0)
            {
                for (int at = 0; at < length;)
                {
                    // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
                    int record = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                    ReadOnlySpan<byte> name = buffer.AsSpan((at + 19)..(at + record));
                    name = name[..(name.IndexOf((byte)0) + 1)];
                    at += record;
                    if (name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
                    {
                        continue;
                    }

                    if (!writable)
                    {
                        writable = true;
                        MakeWritable(fd);
                    }

                    RemoveChild(fd, name.ToArray(), $"{path}/{TarEntry.Display(name[..^1])}", depth + 1);
                }
            }
        }
        while (_removed != before);
    }

    private void RemoveChild(SafeFd fd, byte[] name, string path, int depth)
    {
        if (depth >= DepthLimit && Sys.Unlinkat(fd, name, directory: true).Errno == Errno.ENOTEMPTY)
        {
            byte[] aside = Encoding.ASCII.GetBytes($".csrun-deep-{_moved++}\0");
            SysResult moved = Sys.Renameat2(fd, name, _top, aside, noReplace: true);
            if (moved.Errno == Errno.EACCES)
            {
                // Moving a directory writes its "..", which takes the right to write to it.
                GiveBack(fd, name);
                moved = Sys.Renameat2(fd, name, _top, aside, noReplace: true);
            }

            if (moved.Ok)
            {
                // Found again by the top's own loop; counting it makes that loop turn once more.
                _removed++;
            }
            else
            {
                Fail(path, moved.Errno);
            }

            return;
        }

        RemoveName(fd, name, path, depth);
    }

    // Only an owner can; for anyone else the unlinkat that follows reports the failure.
    private static void MakeWritable(SafeFd fd)
    {
        if (Sys.Statx(fd, "\0"u8, out FileStat stat).Ok && (stat.mode & FileModes.Rwx) != FileModes.Rwx)
        {
            Sys.Fchmod(fd, FileModes.Rwx);
        }
    }

    private void Fail(string path, Errno errno)
    {
        if (_firstFailure is null)
        {
            _firstFailure = path;
            _errno = errno;
        }
    }
}
