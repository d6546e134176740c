using System.Text;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Unpacking;

/// <summary>Makes the files of an archive inside a directory; knows nothing of compression.</summary>
internal sealed partial class TreeWriter : IDisposable
{
    private readonly TarReader _reader;
    private readonly SafeFd _root;
    private readonly UnpackOptions _options;
    private readonly DirectoryCache _directories;
    private readonly UnpackTally _tally = new();
    private readonly byte[] _pathBuffer;
    private readonly byte[] _targetBuffer;
    private readonly List<PendingDirectory> _pending = [];
    private long _pendingNames;

    internal TreeWriter(TarReader reader, SafeFd root, UnpackOptions options)
    {
        _reader = reader;
        _root = root;
        _options = options;
        _directories = new DirectoryCache(root);
        _pathBuffer = new byte[options.Limits.NameLength + 1];
        _targetBuffer = new byte[options.Limits.NameLength + 1];
    }

    public void Dispose() => _directories.Dispose();

    /// <summary>Makes one member.</summary>
    internal void Write(TarEntry entry)
    {
        _tally.Count(entry, _options);
        if (_tally.IsUnmapped)
        {
            // The tree cannot be finished; what is left is read only to name the highest ID.
            return;
        }

        EntryPath path = EntryPath.Parse(entry.Name, _pathBuffer, _options.Limits, entry, "name");
        if (path.IsRoot)
        {
            WriteRoot(entry);
            return;
        }

        SafeFd parent = _directories.Open(path.Parent, entry);
        switch (entry.Type)
        {
            case TarType.Regular:
                WriteRegular(entry, parent, path.Name);
                break;
            case TarType.Directory or TarType.GnuDumpDirectory:
                WriteDirectory(entry, parent, path);
                break;
            case TarType.SymbolicLink:
                WriteSymlink(entry, parent, path.Name);
                break;
            case TarType.HardLink:
                WriteHardLink(entry, parent, path);
                break;
            default:
                WriteSpecial(entry, parent, path.Name);
                break;
        }
    }

    private void WriteRoot(TarEntry entry)
    {
        if (entry.Type is not (TarType.Directory or TarType.GnuDumpDirectory))
        {
            throw new TarFormatException(
                $"entry \"{entry.DisplayName}\" is refused",
                "it would replace the root directory itself by something that is no directory",
                "do not use this archive: an honest root file system has no such entry",
                entry.Offset);
        }

        using SafeFd fd = Sys.Openat2(_root, ".\0"u8, OpenFlags.O_DIRECTORY).FdOrThrow("openat2", ".");
        Own(fd, entry);
        SetXattrs(fd, entry);
        Defer(entry, "", fd);
    }

    private void WriteDirectory(TarEntry entry, SafeFd parent, EntryPath path)
    {
        SysResult made = Sys.Mkdirat(parent, path.Name, FileModes.Rwx);
        SafeFd? fd = null;
        if (made.Errno == Errno.EEXIST)
        {
            fd = OpenExistingDirectory(parent, path.Name);
            if (fd is null)
            {
                MakeRoom(parent, path.Name, entry);
                made = Sys.Mkdirat(parent, path.Name, FileModes.Rwx);
            }
        }

        if (fd is null)
        {
            Check(made, "mkdirat", entry);
            fd = Opened(Sys.Openat2(parent, path.Name, OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "openat2", entry);
        }

        using (fd)
        {
            Own(fd, entry);
            SetXattrs(fd, entry);
            string key = path.Parent.IsEmpty
                ? Encoding.Latin1.GetString(path.Name[..^1])
                : $"{Encoding.Latin1.GetString(path.Parent)}/{Encoding.Latin1.GetString(path.Name[..^1])}";
            Defer(entry, key, fd);
        }
    }

    // Null when the name is something else than a directory.
    private static SafeFd? OpenExistingDirectory(SafeFd parent, ReadOnlySpan<byte> name)
    {
        SysResult opened = Sys.Openat2(parent, name, OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        if (opened.Errno == Errno.EACCES && Sys.Statx(parent, name, out FileStat stat).Ok && stat.IsDirectory)
        {
            // An earlier entry took away the right to read it, and this process is not privileged over it.
            Sys.Fchmodat(parent, name, FileModes.Rwx);
            opened = Sys.Openat2(parent, name, OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        }

        return opened.Ok ? new SafeFd(opened.Int) : null;
    }

    private void WriteRegular(TarEntry entry, SafeFd parent, ReadOnlySpan<byte> name)
    {
        const OpenFlags Flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;
        SysResult opened = Sys.Openat2(parent, name, Flags, FileModes.Rw);
        if (opened.Errno == Errno.EEXIST)
        {
            MakeRoom(parent, name, entry);
            opened = Sys.Openat2(parent, name, Flags, FileModes.Rw);
        }

        using SafeFd fd = Opened(opened, "openat2", entry);
        if (entry.IsSparse)
        {
            WriteSparse(fd, entry);
        }
        else
        {
            for (ReadOnlySpan<byte> data = _reader.Data(); !data.IsEmpty; data = _reader.Data())
            {
                WriteAll(fd, data, entry);
            }
        }

        // chown clears the set-ID bits and security.capability, so both come after it; the time comes last.
        Own(fd, entry);
        Check(Sys.Fchmod(fd, entry.Mode), "fchmod", entry);
        SetXattrs(fd, entry);
        Check(Sys.Utimensat(fd, [], entry.MtimeSeconds, entry.MtimeNanoseconds), "utimensat", entry);
    }

    private void WriteSparse(SafeFd fd, TarEntry entry)
    {
        foreach (SparseExtent extent in entry.Extents)
        {
            Check(Sys.Lseek(fd, extent.Offset, 0), "lseek", entry);
            for (long left = extent.Length; left > 0;)
            {
                ReadOnlySpan<byte> data = _reader.Data(left);
                WriteAll(fd, data, entry);
                left -= data.Length;
            }
        }

        Check(Sys.Ftruncate(fd, entry.Size), "ftruncate", entry);
    }

    private static void WriteAll(SafeFd fd, ReadOnlySpan<byte> data, TarEntry entry)
    {
        while (!data.IsEmpty)
        {
            SysResult written = Sys.Write(fd, data);
            Check(written, "write", entry);
            data = data[written.Int..];
        }
    }

    private void WriteSymlink(TarEntry entry, SafeFd parent, ReadOnlySpan<byte> name)
    {
        if (entry.LinkName.Length is 0 or >= 4096 || entry.LinkName.Contains((byte)0))
        {
            throw new TarFormatException(
                $"entry \"{entry.DisplayName}\" is refused", $"its target has {entry.LinkName.Length} bytes or a zero among them; symlink(2) takes 1 to 4095 without zeros", offset: entry.Offset);
        }

        // As it is: wherever it points, it is only ever followed inside the root.
        byte[] target = [.. entry.LinkName, 0];
        SysResult made = Sys.Symlinkat(target, parent, name);
        if (made.Errno == Errno.EEXIST)
        {
            MakeRoom(parent, name, entry);
            made = Sys.Symlinkat(target, parent, name);
        }

        Check(made, "symlinkat", entry);
        OwnName(parent, name, entry);
        _tally.DropXattrs(entry.Xattrs.Count, "a symbolic link takes none");
        Check(Sys.Utimensat(parent, name, entry.MtimeSeconds, entry.MtimeNanoseconds), "utimensat", entry);
    }

    private void WriteHardLink(TarEntry entry, SafeFd parent, EntryPath path)
    {
        // Absolute targets stay legal and mean the same inside the root (kaniko writes them).
        EntryPath target = EntryPath.Parse(entry.LinkName, _targetBuffer, _options.Limits, entry, "hard link target");
        if (target.IsRoot)
        {
            throw new TarFormatException($"entry \"{entry.DisplayName}\" is refused", "it is a hard link to the root directory", offset: entry.Offset);
        }

        SysResult above = target.Parent.IsEmpty ? default : _directories.TryOpen(target.Parent, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        using SafeFd? targetParent = !target.Parent.IsEmpty && above.Ok ? new SafeFd(above.Int) : null;
        SysResult linked = above.Ok ? Sys.Linkat(targetParent ?? _root, target.Name, parent, path.Name) : above;
        if (linked.Errno == Errno.EEXIST)
        {
            if (SameFile(targetParent ?? _root, target.Name, parent, path.Name))
            {
                return;
            }

            MakeRoom(parent, path.Name, entry);
            linked = Sys.Linkat(targetParent ?? _root, target.Name, parent, path.Name);
        }

        if (linked.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV)
        {
            throw new TarFormatException(
                $"entry \"{entry.DisplayName}\" cannot be unpacked",
                $"it is a hard link to \"{TarEntry.Display(entry.LinkName)}\", which is not in the archive before it ({linked.Errno})",
                offset: entry.Offset);
        }

        Check(linked, "linkat", entry);
    }

    private static bool SameFile(SafeFd a, ReadOnlySpan<byte> aName, SafeFd b, ReadOnlySpan<byte> bName) =>
        Sys.Statx(a, aName, out FileStat first).Ok && Sys.Statx(b, bName, out FileStat second).Ok
        && first.ino == second.ino && first.dev_major == second.dev_major && first.dev_minor == second.dev_minor;

    private void WriteSpecial(TarEntry entry, SafeFd parent, ReadOnlySpan<byte> name)
    {
        uint kind = entry.Type switch
        {
            TarType.Fifo => FileModes.Fifo,
            TarType.CharacterDevice => FileModes.CharacterDevice,
            _ => FileModes.BlockDevice,
        };
        SysResult made = Sys.Mknodat(parent, name, kind | FileModes.Rw, entry.DevMajor, entry.DevMinor);
        if (made.Errno == Errno.EEXIST)
        {
            MakeRoom(parent, name, entry);
            made = Sys.Mknodat(parent, name, kind | FileModes.Rw, entry.DevMajor, entry.DevMinor);
        }

        if (made.Errno == Errno.EPERM && kind != FileModes.Fifo)
        {
            _tally.SkipDevice(entry);
            return;
        }

        Check(made, "mknodat", entry);
        OwnName(parent, name, entry);
        // Made just now and no link, so following changes nothing.
        Check(Sys.Fchmodat(parent, name, entry.Mode), "fchmodat", entry);
        _tally.DropXattrs(entry.Xattrs.Count, "a device or fifo takes none");
        Check(Sys.Utimensat(parent, name, entry.MtimeSeconds, entry.MtimeNanoseconds), "utimensat", entry);
    }

    // A later member wins over an earlier one of the same name, whatever the two are.
    private void MakeRoom(SafeFd parent, ReadOnlySpan<byte> name, TarEntry entry)
    {
        SysResult removed = Sys.Unlinkat(parent, name);
        if (!removed.Ok)
        {
            TreeRemoval removal = TreeRemover.Remove(parent, name);
            if (!removal.Complete)
            {
                throw new KernelException("unlinkat", entry.DisplayName, removal.Errno, $"\"{removal.FirstFailure}\" is in the way and cannot be removed");
            }
        }

        _directories.Invalidate();
    }

    private static SafeFd Opened(SysResult result, string call, TarEntry entry) =>
        result.FdOrThrow(call, entry.DisplayName, UnpackErrors.Why(result.Errno), UnpackErrors.Fix(result.Errno));

    private static void Check(SysResult result, string call, TarEntry entry)
    {
        if (!result.Ok)
        {
            throw new KernelException(call, entry.DisplayName, result.Errno, UnpackErrors.Why(result.Errno), UnpackErrors.Fix(result.Errno));
        }
    }
}
