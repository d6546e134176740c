using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Ownership;

/// <summary>Undoes what a record says, from its last line to its first.</summary>
public static class OwnerRestore
{
    private const ResolveFlags Stay = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV | ResolveFlags.RESOLVE_NO_MAGICLINKS;

    /// <summary>Gives each file its owner back that still has the one that the record's line gave it; by descriptors, following no link.</summary>
    /// <param name="top">The tree's top; O_PATH suffices.</param>
    /// <param name="record">The record.</param>
    /// <param name="ids">This process's map.</param>
    /// <returns>What became of it; the record may be removed where nothing failed.</returns>
    public static OwnerTally Apply(SafeFd top, ChownRecord record, OwnerIds ids)
    {
        long changed = 0, skipped = 0, failed = 0;
        string? first = null;
        Errno errno = Errno.None;
        for (int i = record.Entries.Count - 1; i >= 0; i--)
        {
            ChownEntry entry = record.Entries[i];
            Errno answer = Undo(top, entry, ids);
            if (answer == Errno.None)
            {
                changed++;
            }
            else if (answer is Errno.ENOENT or Errno.EXDEV or Errno.ECANCELED)
            {
                skipped++;
            }
            else
            {
                failed++;
                (first, errno) = first is null ? (Encoding.UTF8.GetString(entry.Path), answer) : (first, errno);
            }
        }

        return new OwnerTally(changed, skipped, failed, first, errno);
    }

    /// <summary>ECANCELED: the file has another owner since.</summary>
    private static Errno Undo(SafeFd top, ChownEntry entry, OwnerIds ids)
    {
        if (entry.Path is [(byte)'.'])
        {
            return Undo(entry, ids, top);
        }

        SysResult opened = Sys.Openat2(top, [.. entry.Path, 0], OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, resolve: Stay);
        if (!opened.Ok)
        {
            return opened.Errno;
        }

        using SafeFd file = new(opened.Int);
        return Undo(entry, ids, file);
    }

    private static Errno Undo(ChownEntry entry, OwnerIds ids, SafeFd file)
    {
        SysResult looked = Sys.Statx(file, "\0"u8, out FileStat stat);
        if (!looked.Ok)
        {
            return looked.Errno;
        }

        if (ids.HostUid(stat.uid) != entry.NewUid || ids.HostGid(stat.gid) != entry.NewGid)
        {
            return Errno.ECANCELED;
        }

        return ids.LocalUid(entry.OldUid) is { } uid && ids.LocalGid(entry.OldGid) is { } gid ? Sys.Fchownat(file, "\0"u8, uid, gid).Errno : Errno.EPERM;
    }
}
