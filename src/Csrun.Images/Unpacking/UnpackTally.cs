using System.Collections.Immutable;
using Csrun.Images.Tar;
using Csrun.Linux;

namespace Csrun.Images.Unpacking;

/// <summary>Counts what was made and what was not, and keeps the reasons.</summary>
internal sealed class UnpackTally
{
    private long _files;
    private long _bytes;
    private long _skippedDevices;
    private long _droppedXattrs;
    private long _droppedOwners;
    private long _acls;
    private uint _highestUid;
    private uint _highestGid;
    private string? _firstDevice;
    private string? _firstXattrReason;
    private string? _unmapped;

    /// <summary>Whether an owner turned out not to be mapped.</summary>
    internal bool IsUnmapped => _unmapped is not null;

    internal void Count(TarEntry entry, UnpackOptions options)
    {
        if (entry.Type is TarType.Regular)
        {
            _files++;
            if (entry.Size > options.Limits.TotalBytes - _bytes)
            {
                throw new TarFormatException(
                    $"the files of the archive are larger than {options.Limits.TotalBytes} bytes together",
                    $"\"{entry.DisplayName}\" alone announces {entry.Size} bytes, holes included",
                    offset: entry.Offset);
            }

            _bytes += entry.Size;
        }

        // The owner of a hard link is that of the file it names.
        if (entry.Type is not TarType.HardLink)
        {
            _highestUid = Math.Max(_highestUid, entry.Uid);
            _highestGid = Math.Max(_highestGid, entry.Gid);
            if (options.SingleId && (entry.Uid != 0 || entry.Gid != 0))
            {
                _droppedOwners++;
            }
        }

        _acls += entry.IgnoredAcls;
    }

    internal void SkipDevice(TarEntry entry)
    {
        _skippedDevices++;
        _firstDevice ??= entry.DisplayName;
    }

    internal void DropXattrs(int count, string reason)
    {
        if (count > 0)
        {
            _droppedXattrs += count;
            _firstXattrReason ??= reason;
        }
    }

    internal void MarkUnmapped(TarEntry entry) => _unmapped ??= $"\"{entry.DisplayName}\" belongs to {entry.Uid}:{entry.Gid}";

    internal void ThrowIfUnmapped()
    {
        if (_unmapped is null)
        {
            return;
        }

        uint highest = Math.Max(_highestUid, _highestGid);
        throw new CsrunException(
            $"the image has owners that the container's ID map does not have [IMAGE_ID_EXCEEDS_RANGE]: {_unmapped}",
            $"its highest user ID is {_highestUid} and its highest group ID {_highestGid}; the map has the user IDs {MappedIds.Describe("/proc/self/uid_map")} and the group IDs {MappedIds.Describe("/proc/self/gid_map")}",
            $"let the map have the container's IDs 0 to {highest}: leave --userns map= and --uidmap away, or map them, as in --userns map=0:100000:{(long)highest + 1}; each user has its own host IDs (getsubids $(id -un))");
    }

    internal UnpackResult Sum(int entries)
    {
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        if (_skippedDevices > 0)
        {
            notes.Add($"{_skippedDevices} device nodes were left out, \"{_firstDevice}\" the first: only the host's root may make them, and each container gets a /dev of its own");
        }

        if (_droppedXattrs > 0)
        {
            notes.Add($"{_droppedXattrs} extended attributes were left out, the first because of {_firstXattrReason}");
        }

        if (_acls > 0)
        {
            notes.Add($"{_acls} access control lists were left out: csrun keeps owner, group and mode");
        }

        if (_droppedOwners > 0)
        {
            notes.Add($"{(_droppedOwners == 1 ? "1 file lost its owner and belongs" : $"{_droppedOwners} files lost their owner and belong")} to root inside: only one ID is mapped");
        }

        return new UnpackResult
        {
            Entries = entries,
            Files = _files,
            Bytes = _bytes,
            SkippedDevices = _skippedDevices,
            DroppedXattrs = _droppedXattrs,
            DroppedOwners = _droppedOwners,
            HighestUid = _highestUid,
            HighestGid = _highestGid,
            Notes = notes.ToImmutable(),
        };
    }
}
