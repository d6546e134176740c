using System.Text;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Unpacking;

internal sealed partial class TreeWriter
{
    /// <summary>A directory whose time, and perhaps mode, can only be set when nothing is made in it any more.</summary>
    private readonly record struct PendingDirectory(string Path, uint Mode, bool SetMode, long Seconds, uint Nanoseconds);

    /// <summary>Sets what had to wait, and sums up.</summary>
    internal UnpackResult Finish()
    {
        _tally.ThrowIfUnmapped();
        _directories.Clear();
        bool modes = false;
        foreach (PendingDirectory directory in _pending)
        {
            modes |= directory.SetMode;
            using SafeFd? fd = Reopen(directory.Path);
            if (fd is not null)
            {
                Sys.Utimensat(fd, [], directory.Seconds, directory.Nanoseconds).OrThrow("utimensat", directory.Path);
            }
        }

        if (modes)
        {
            // Deepest first: a directory that its owner may not enter hides what is below it.
            _pending.Sort(static (a, b) => b.Path.Length.CompareTo(a.Path.Length));
            foreach (PendingDirectory directory in _pending)
            {
                using SafeFd? fd = directory.SetMode ? Reopen(directory.Path) : null;
                if (fd is not null)
                {
                    Sys.Fchmod(fd, directory.Mode).OrThrow("fchmod", directory.Path);
                }
            }
        }

        return _tally.Sum(_reader.Entries);
    }

    private void Defer(TarEntry entry, string path, SafeFd fd)
    {
        _pendingNames += path.Length;
        if (_pendingNames > _options.Limits.DirectoryNames)
        {
            throw new TarFormatException(
                $"the names of the archive's directories have more than {_options.Limits.DirectoryNames} characters together", "the limit keeps a small file from filling the memory", offset: entry.Offset);
        }

        // An unprivileged unpacker still has to work inside: the owner's bits go away last.
        bool later = (entry.Mode & FileModes.Rwx) != FileModes.Rwx;
        Check(Sys.Fchmod(fd, later ? FileModes.Rwx : entry.Mode), "fchmod", entry);
        _pending.Add(new PendingDirectory(path, entry.Mode, later, entry.MtimeSeconds, entry.MtimeNanoseconds));
    }

    // Null when a later member took the directory's place: what is there now has metadata of its own.
    private SafeFd? Reopen(string path)
    {
        SysResult opened = path.Length == 0
            ? Sys.Openat2(_root, ".\0"u8, OpenFlags.O_DIRECTORY)
            : _directories.TryOpen(Encoding.Latin1.GetBytes(path), OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        return opened.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
            ? null
            : opened.FdOrThrow("openat2", TarEntry.Display(Encoding.Latin1.GetBytes(path)));
    }

    private void Own(SafeFd fd, TarEntry entry)
    {
        if (!_options.SingleId)
        {
            Owned(Sys.Fchown(fd, entry.Uid, entry.Gid), "fchown", entry);
        }
    }

    private void OwnName(SafeFd parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        if (!_options.SingleId)
        {
            Owned(Sys.Fchownat(parent, name, entry.Uid, entry.Gid), "fchownat", entry);
        }
    }

    private void Owned(SysResult result, string call, TarEntry entry)
    {
        switch (result.Errno)
        {
            case Errno.None:
                break;
            case Errno.EINVAL:
                _tally.MarkUnmapped(entry);
                break;
            case Errno.EPERM:
                throw new KernelException(
                    call,
                    entry.DisplayName,
                    result.Errno,
                    $"the archive gives it to {entry.Uid}:{entry.Gid}, and this process has no privilege over those IDs",
                    "unpack inside a user namespace that maps them (csrun image unpack does), or as root");
            default:
                Check(result, call, entry);
                break;
        }
    }

    private void SetXattrs(SafeFd fd, TarEntry entry)
    {
        foreach (TarXattr xattr in entry.Xattrs)
        {
            if (XattrPolicy.Refuses(xattr.Name) is { } reason)
            {
                _tally.DropXattrs(1, $"{TarEntry.Display(Encoding.UTF8.GetBytes(xattr.Name))}: {reason}");
                continue;
            }

            SysResult set = Sys.Fsetxattr(fd, Encoding.UTF8.GetBytes(xattr.Name + '\0'), xattr.Value);
            if (!set.Ok)
            {
                // ENOSPC here is the attribute space of one inode (ext4), not the disk.
                _tally.DropXattrs(1, $"{TarEntry.Display(Encoding.UTF8.GetBytes(xattr.Name))}: {set.Errno} ({set.Errno.Describe()})");
            }
        }
    }
}
