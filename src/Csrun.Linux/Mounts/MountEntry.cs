namespace Csrun.Linux.Mounts;

/// <summary>One line of /proc/PID/mountinfo (proc(5)), its escapes undone.</summary>
public sealed record MountEntry
{
    /// <summary>The mount's ID; used again once the mount is gone.</summary>
    public required int Id { get; init; }

    /// <summary>The ID of the mount it is attached to.</summary>
    public required int ParentId { get; init; }

    /// <summary>The device of its files, <c>MAJOR:MINOR</c>: the same for all mounts of one file system.</summary>
    public required string Device { get; init; }

    /// <summary>What of the file system shows, from the file system's own root.</summary>
    public required string Root { get; init; }

    /// <summary>Where it is attached, from the reader's root.</summary>
    public required string MountPoint { get; init; }

    /// <summary>Options of this mount: <c>rw,nosuid,relatime,idmapped</c>.</summary>
    public required string Options { get; init; }

    /// <summary><c>shared:N</c>, <c>master:N</c> and the like; empty for a private mount.</summary>
    public required string Propagation { get; init; }

    /// <summary>The file system's type, with its subtype: <c>fuse.sshfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What is mounted, as the file system says it.</summary>
    public required string Source { get; init; }

    /// <summary>Options of the file system.</summary>
    public required string SuperOptions { get; init; }

    /// <summary>Whether the mount is ID-mapped.</summary>
    public bool IsIdMapped => HasOption("idmapped");

    /// <summary>Whether the mount has an option.</summary>
    public bool HasOption(string option)
    {
        ReadOnlySpan<char> options = Options;
        foreach (Range range in options.Split(','))
        {
            if (options[range].SequenceEqual(option))
            {
                return true;
            }
        }

        return false;
    }
}
