using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Cgroups;

namespace Csrun.Runtime.State;

/// <summary>A container that is there, looked at from outside: its directory, its record, and what it does now.</summary>
public sealed class Container : IDisposable
{
    private Container(string id, string path, SafeFd directory, ContainerRecord? record, ContainerStatus status, SafeFd? pidfd, uint owner)
    {
        Id = id;
        Path = path;
        Directory = directory;
        Record = record;
        Status = status;
        PidFd = pidfd;
        Owner = owner;
    }

    /// <summary>Its ID.</summary>
    public string Id { get; }

    /// <summary>Its directory's path.</summary>
    public string Path { get; }

    /// <summary>Its directory.</summary>
    public SafeFd Directory { get; }

    /// <summary>What is written down about it; null while it is being made.</summary>
    public ContainerRecord? Record { get; }

    /// <summary>What it did when it was looked at.</summary>
    public ContainerStatus Status { get; }

    /// <summary>Its first process, where it had not ended.</summary>
    public SafeFd? PidFd { get; }

    /// <summary>Whose it is, in csrun's user namespace.</summary>
    public uint Owner { get; }

    /// <summary>The name that it has for people: its own, else the first twelve digits of its ID.</summary>
    public string DisplayName => Record?.Name ?? ShortId(Id);

    /// <summary>The first twelve digits of an ID of random digits; one that an engine or a person chose has a meaning, and stays whole.</summary>
    public static string ShortId(string id) => ContainerDirectory.IsId(id) ? id[..12] : id;

    /// <summary>Looks at one.</summary>
    /// <param name="parent">The directory of all containers.</param>
    /// <param name="parentPath">Its path.</param>
    /// <param name="id">A name in it.</param>
    /// <returns>The container; null when it has gone, or what is there is left over from a killed csrun.</returns>
    public static Container? Open(SafeFd parent, string parentPath, string id)
    {
        SysResult opened = Sys.Openat2(parent, id, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_BENEATH);
        if (!opened.Ok)
        {
            return null;
        }

        SafeFd directory = new(opened.Int);
        // The lock before the record: a csrun that gives the lock back has written the end into the record before.
        bool held = ContainerDirectory.IsHeld(directory);
        ContainerRecord? record = ContainerRecordFile.Read(directory);
        if (!held && (record is null || record.Supervised) && !ContainerDirectory.IsKept(directory))
        {
            directory.Dispose();
            return null;
        }

        SafeFd? pidfd = record is { ExitCode: null } && (held || !record.Supervised) ? record.Process.Open() : null;
        ContainerStatus status = record is null ? (held ? ContainerStatus.Creating : ContainerStatus.Stopped)
            : pidfd is null ? ContainerStatus.Stopped
            : !record.Supervised && StartFifo.IsAwaited(directory) ? ContainerStatus.Created
            : IsFrozen(record) ? ContainerStatus.Paused
            : ContainerStatus.Running;
        uint owner = Sys.Statx(directory, "", out FileStat stat).Ok ? stat.uid : 0;
        return new Container(id, $"{parentPath}/{id}", directory, record, status, pidfd, owner);
    }

    private static bool IsFrozen(ContainerRecord record)
    {
        using ControlGroup? group = record.Cgroup is { } cgroup ? ControlGroup.Open(cgroup) : null;
        return group is { IsFrozen: true };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PidFd?.Dispose();
        Directory.Dispose();
    }
}
