using System.Buffers.Binary;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Ownership;

/// <summary>Gives a tree to one user and group, and writes down first what it changes (<see cref="ChownRecord"/>).</summary>
/// <remarks>By descriptors: no symbolic link is followed, no mount point crossed, whatever happens to the names meanwhile. A link
/// itself gets the new owner. What already has it is left alone, and not written down.</remarks>
public sealed class OwnerChange
{
    private const OpenFlags Handle = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW;
    private const ResolveFlags Stay = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    private readonly uint _uid;
    private readonly uint _gid;
    private readonly SafeFd? _journal;
    private readonly OwnerIds _ids;
    private long _changed;
    private long _skipped;
    private long _failed;
    private string? _first;
    private Errno _errno;

    private OwnerChange(uint uid, uint gid, SafeFd? journal, OwnerIds ids)
    {
        _uid = uid;
        _gid = gid;
        _journal = journal;
        _ids = ids;
    }

    /// <summary>Looks through the tree without changing anything: what would fail.</summary>
    /// <param name="top">The top, a directory opened for reading or a file opened with O_PATH.</param>
    /// <param name="uid">The user, in this process's user namespace.</param>
    /// <param name="gid">The group likewise.</param>
    /// <param name="ids">This process's map.</param>
    public static OwnerTally Check(SafeFd top, uint uid, uint gid, OwnerIds ids) => new OwnerChange(uid, gid, null, ids).Run(top);

    /// <summary>Changes the owners.</summary>
    /// <param name="top">The top, a directory opened for reading or a file opened with O_PATH.</param>
    /// <param name="uid">The user, in this process's user namespace.</param>
    /// <param name="gid">The group likewise.</param>
    /// <param name="journal">The record, opened to append.</param>
    /// <param name="ids">This process's map.</param>
    public static OwnerTally Apply(SafeFd top, uint uid, uint gid, SafeFd journal, OwnerIds ids) => new OwnerChange(uid, gid, journal, ids).Run(top);

    private OwnerTally Run(SafeFd top)
    {
        Change(top, "."u8.ToArray(), out FileStat stat);
        if (stat.IsDirectory)
        {
            Descend(top, []);
        }

        return new OwnerTally(_changed, _skipped, _failed, _first, _errno);
    }

    private void Descend(SafeFd directory, byte[] prefix)
    {
        foreach (byte[] name in Names(directory))
        {
            byte[] path = prefix.Length == 0 ? name[..^1] : [.. prefix, (byte)'/', .. name[..^1]];
            SysResult opened = Sys.Openat2(directory, name, Handle, resolve: Stay);
            if (!opened.Ok)
            {
                // EXDEV: a mount point, which is not part of this tree. ENOENT: gone meanwhile.
                if (opened.Errno is not (Errno.EXDEV or Errno.ENOENT))
                {
                    Fail(path, opened.Errno);
                }

                continue;
            }

            using SafeFd fd = new(opened.Int);
            Change(fd, path, out FileStat stat);
            if (stat.IsDirectory)
            {
                SysResult inside = Sys.Openat2(directory, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, resolve: Stay);
                if (inside.Ok)
                {
                    using SafeFd below = new(inside.Int);
                    Descend(below, path);
                }
                else
                {
                    Fail(path, inside.Errno);
                }
            }
        }
    }

    private void Change(SafeFd fd, byte[] path, out FileStat stat)
    {
        SysResult looked = Sys.Statx(fd, "\0"u8, out stat);
        if (!looked.Ok)
        {
            Fail(path, looked.Errno);
            return;
        }

        if (stat.uid == _uid && stat.gid == _gid)
        {
            _skipped++;
            return;
        }

        // An ID without a name here (it shows as 65534) is somebody else's, and not ours to give away.
        if (_ids.HostUid(stat.uid) is not { } oldUid || _ids.HostGid(stat.gid) is not { } oldGid)
        {
            Fail(path, Errno.EPERM);
            return;
        }

        if (_journal is null)
        {
            _changed++;
            return;
        }

        ChownEntry entry = new(path, oldUid, oldGid, _ids.HostUid(_uid) ?? _uid, _ids.HostGid(_gid) ?? _gid);
        Sys.Write(_journal, Encoding.ASCII.GetBytes(ChownRecord.Line(entry))).OrThrow("write", "the record of changed owners");
        SysResult changed = Sys.Fchownat(fd, "\0"u8, _uid, _gid);
        if (changed.Ok)
        {
            _changed++;
        }
        else
        {
            Fail(path, changed.Errno);
        }
    }

    private void Fail(byte[] path, Errno errno)
    {
        _failed++;
        if (_first is null)
        {
            (_first, _errno) = (Encoding.UTF8.GetString(path), errno);
        }
    }

    /// <summary>The names of a directory, each with a zero at its end; read whole, because the tree changes under the reading.</summary>
    private static List<byte[]> Names(SafeFd directory)
    {
        List<byte[]> names = [];
        byte[] buffer = new byte[32768];
        Sys.Lseek(directory, 0, 0); // the top has been read before, by Check
        int length;
        while ((length = Math.Max(0, Sys.Getdents64(directory, buffer).Int)) > 0)
        {
            for (int at = 0; at < length;)
            {
                // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
                int record = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                ReadOnlySpan<byte> name = buffer.AsSpan((at + 19)..(at + record));
                name = name[..(name.IndexOf((byte)0) + 1)];
                at += record;
                if (name is not ([(byte)'.', 0] or [(byte)'.', (byte)'.', 0]))
                {
                    names.Add(name.ToArray());
                }
            }
        }

        return names;
    }
}
