using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Plan.Requests;
using Csrun.Runtime.Ownership;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary>The volume option <c>U</c>: gives the source to the container's user, and writes down what it changes.</summary>
internal static class VolumeOwners
{
    // Where a wrong letter would cost a machine or a home: podman refuses them, too.
    private static readonly string[] s_never = ["/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var"];

    /// <summary>Does it for every volume that asks.</summary>
    /// <param name="caller">Who runs csrun.</param>
    /// <param name="request">The volumes.</param>
    /// <param name="identity">The container's maps.</param>
    /// <param name="user">The container's user.</param>
    internal static void Change(Caller caller, RunRequest request, Identity identity, Oci.User user)
    {
        foreach (VolumeSpec volume in request.Volumes.Concat(request.Mounts.Select(m => m.Bind).OfType<VolumeSpec>()))
        {
            if (!volume.Chown)
            {
                continue;
            }

            IdMapPair? maps = identity.Plan.NewUserNamespace ? identity.Plan.Maps : null;
            uint uid = maps is null ? user.Uid : maps.Uid.ToHost(user.Uid) ?? throw NoHostId(volume, "user", user.Uid);
            uint gid = maps is null ? user.Gid : maps.Gid.ToHost(user.Gid) ?? throw NoHostId(volume, "group", user.Gid);
            string source = volume.SourceFrom(Environment.CurrentDirectory);
            if (request.Explain is not null)
            {
                Notes.Write($"volume \"{volume.Destination}\": U would give \"{source}\" and all below it to user {uid} and group {gid} of the host");
                continue;
            }

            Change(caller, identity, volume, source, uid, gid);
        }
    }

    private static void Change(Caller caller, Identity identity, VolumeSpec volume, string source, uint uid, uint gid)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        if (Array.IndexOf(s_never, full) >= 0 || full == Environment.GetEnvironmentVariable("HOME"))
        {
            throw new CsrunException($"volume \"{volume.Destination}\": U on \"{full}\"", "everything below it would get another owner, and others than this container need it as it is", "name a directory of the container's own, or leave U out");
        }

        using SafeFd handle = Sys.Openat2(null, source, OpenFlags.O_PATH).FdOrThrow("openat2", source);
        Sys.Statx(handle, "\0"u8, out FileStat stat).OrThrow("statx", source);
        SysResult reading = stat.IsDirectory ? Sys.Openat2(handle, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY) : default;
        using SafeFd? opened = stat.IsDirectory && reading.Ok ? new SafeFd(reading.Int) : null;
        SafeFd top = opened ?? handle;
        using SafeFd journal = ChownRecord.OpenToAppend(caller.Roots.Data, handle, full);
        try
        {
            if (caller.IsPrivileged)
            {
                Report(Run(top, uid, gid, journal, full), full);
            }
            else
            {
                IdMapPair own = OwnIds(identity);
                uint? localUid = own.Uid.ToContainer(uid), localGid = own.Gid.ToContainer(gid);
                Worker.StartInNamespace(own, identity.Facts.SubIds.Uids.IsEmpty ? MapWriterKind.Direct : MapWriterKind.Tool, identity.Plan.DenySetgroups, [Worker.Chown, Text(localUid), Text(localGid), full], top, journal);
            }
        }
        finally
        {
            Sys.Lseek(journal, 0, 0);
            if (ChownRecord.Read(journal).Entries.Count == 0)
            {
                ChownRecord.Remove(caller.Roots.Data, handle);
            }
        }
    }

    /// <summary>The worker's part, in the user namespace of <see cref="OwnIds"/>; also root's, without one.</summary>
    /// <param name="top">The tree.</param>
    /// <param name="uid">The user, as this process names it.</param>
    /// <param name="gid">The group likewise.</param>
    /// <param name="journal">The record.</param>
    /// <param name="path">The tree's path, for messages.</param>
    /// <exception cref="CsrunException">Something in the tree cannot be changed; nothing was.</exception>
    internal static OwnerTally Run(SafeFd top, uint uid, uint gid, SafeFd journal, string path)
    {
        OwnerIds ids = OwnerIds.OfThisProcess();
        OwnerTally first = OwnerChange.Check(top, uid, gid, ids);
        OwnerTally tally = first.Failed != 0 ? first : OwnerChange.Apply(top, uid, gid, journal, ids);
        return tally.Failed == 0 ? tally : throw new CsrunException(
            $"the owners below \"{path}\" cannot be changed: {tally.Failed} of {tally.Changed + tally.Skipped + tally.Failed}, the first is \"{tally.FirstFailure}\": {tally.Errno} ({tally.Errno.Describe()})",
            tally.Errno == Errno.EPERM ? "it belongs to somebody else: only one's own files, and those of one's subordinate IDs, can be given to another of these" : null,
            ReferenceEquals(tally, first) ? "leave U out; nothing was changed" : $"csrun chown-back \"{path}\" undoes what was changed");
    }

    /// <summary>Says what was done.</summary>
    internal static void Report(OwnerTally tally, string path)
    {
        if (tally.Changed != 0)
        {
            Notes.Write($"{tally.Changed} owner{(tally.Changed == 1 ? "" : "s")} changed below \"{path}\", as U asks; csrun chown-back \"{path}\" undoes it");
        }
    }

    /// <summary>All IDs that are the caller's own, as a user namespace for the work on them: local 0 is the caller. Local 65534 is left out,
    /// because files of others show as it.</summary>
    internal static IdMapPair OwnIds(Identity identity) => new(
        Own(identity.Facts.CallerUid, identity.Facts.SubIds.Uids),
        Own(identity.Facts.CallerGid, identity.Facts.SubIds.Gids));

    private static IdMap Own(uint caller, ImmutableArray<IdRange> ranges)
    {
        const uint Overflow = 65534;
        ImmutableArray<IdMapping>.Builder lines = ImmutableArray.CreateBuilder<IdMapping>();
        lines.Add(new IdMapping(0, caller, 1));
        uint next = 1;
        foreach (IdRange range in ranges)
        {
            uint before = next < Overflow ? Math.Min(range.Count, Overflow - next) : 0;
            if (before != 0)
            {
                lines.Add(new IdMapping(next, range.Start, before));
                next += before;
            }

            next = next == Overflow ? next + 1 : next;
            if (range.Count > before)
            {
                lines.Add(new IdMapping(next, range.Start + before, range.Count - before));
                next += range.Count - before;
            }
        }

        return new IdMap(lines.ToImmutable()).Truncate();
    }

    private static string Text(uint? id) => id?.ToString(CultureInfo.InvariantCulture)
        ?? throw new CsrunException("U: the container's user is not one of the caller's own IDs", "only one's own files can be given away, and only to one's own IDs", "choose another user namespace: --userns private");

    private static CsrunException NoHostId(VolumeSpec volume, string kind, uint id) =>
        new($"volume \"{volume.Destination}\": U", $"the container's {kind} {id} has no ID on the host", "choose a user inside the map: --user");
}
