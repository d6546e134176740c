using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>csrun makes the child and its namespaces with one clone3(2).</summary>
/// <param name="Namespaces">The new namespaces.</param>
/// <param name="Cgroup">The directory of the control group that the child begins in (CLONE_INTO_CGROUP, Linux 5.7), or null for csrun's own.</param>
public sealed record CloneOp(CloneFlags Namespaces, string? Cgroup = null) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "clone(2)";

    /// <inheritdoc/>
    public override string Describe() => Cgroup is null
        ? $"clone3({{flags={StraceText.Flags(Namespaces | CloneFlags.CLONE_PIDFD)}, exit_signal=SIGCHLD}})"
        : $"clone3({{flags={StraceText.Flags(Namespaces | CloneFlags.CLONE_PIDFD | CloneFlags.CLONE_INTO_CGROUP)}, exit_signal=SIGCHLD, cgroup=<{Cgroup}>}})";
}

/// <summary>How an ID map is written.</summary>
public enum MapWriterKind
{
    /// <summary>csrun writes /proc/PID/uid_map itself: it is privileged, or the map is the caller's own ID only.</summary>
    Direct,

    /// <summary>newuidmap(1) or newgidmap(1) writes it, which checks the caller's subordinate IDs.</summary>
    Tool,
}

/// <summary>csrun gives the child's user namespace its ID maps; newuidmap and newgidmap run side by side.</summary>
/// <param name="Uid">User IDs: container to host (as seen from csrun's own user namespace).</param>
/// <param name="Gid">Group IDs likewise.</param>
/// <param name="Writer">Who writes them.</param>
/// <param name="DenySetgroups">Whether setgroups(2) is denied first, which an unprivileged gid_map needs since Linux 3.19.</param>
public sealed record WriteIdMapsOp(ImmutableArray<IdMapping> Uid, ImmutableArray<IdMapping> Gid, MapWriterKind Writer, bool DenySetgroups) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "user_namespaces(7)";

    /// <inheritdoc/>
    public override string Describe() => Writer == MapWriterKind.Tool
        ? $"newuidmap PID {Words(Uid)}; newgidmap PID {Words(Gid)}"
        : $"{(DenySetgroups ? "echo deny > /proc/PID/setgroups; " : "")}echo \"{Words(Uid)}\" > /proc/PID/uid_map; echo \"{Words(Gid)}\" > /proc/PID/gid_map";

    private static string Words(ImmutableArray<IdMapping> map) => string.Join(' ', map.Select(m => $"{m.ContainerId} {m.HostId} {m.Size}"));
}

/// <summary>csrun lets the child pass a barrier, and hands over descriptors that only csrun's namespaces can make.</summary>
/// <param name="Name">The barrier's name.</param>
/// <param name="Descriptors">What is sent along, in the order of the child's slots.</param>
public sealed record PassBarrierOp(string Name, ImmutableArray<SentDescriptor> Descriptors) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => Descriptors.IsEmpty ? "sendmsg(2)" : "cmsg(3)";

    /// <inheritdoc/>
    public override string Describe() => Descriptors.IsEmpty ? $"barrier: {Name}" : $"barrier: {Name}, with {string.Join(", ", Descriptors.Select(m => m.Describe()))}";
}

/// <summary>csrun waits until the child has got to a point.</summary>
/// <param name="Name">The name of the child's <see cref="AnnounceOp"/>.</param>
public sealed record AwaitChildOp(string Name) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "read(2)";

    /// <inheritdoc/>
    public override string Describe() => $"waits: {Name}";
}

/// <summary>csrun writes down that the container is there: its record, the engine's file with the process ID, the state that it is in.</summary>
public sealed record WriteRecordOp : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "rename(2)";

    /// <inheritdoc/>
    public override string Describe() => "write(\"state.json\"), and the process ID into --pid-file";
}

/// <summary>csrun runs hooks of the configuration in its own namespaces, one after the other, with the container's state on their standard input.</summary>
/// <param name="Hooks">The hooks with their JSON paths.</param>
public sealed record RunHooksOp(ImmutableArray<(string Path, Hook Hook)> Hooks) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "posix_spawn(3)";

    /// <inheritdoc/>
    public override string Describe() => string.Join("; ", Hooks.Select(h => $"{h.Hook.Path} {string.Join(' ', h.Hook.Args.Skip(1))}".TrimEnd()));
}

/// <summary>A file in memory with the container's state, which hooks in the child read; its process ID is known only once there is a child.</summary>
/// <param name="Status">creating or created.</param>
public sealed record HookState(string Status) : SentDescriptor
{
    /// <inheritdoc/>
    public override string Describe() => $"the container's state ({Status}) as JSON";
}

/// <summary>A descriptor that csrun sends to the child.</summary>
public abstract record SentDescriptor
{
    /// <summary>What it is, for people.</summary>
    public abstract string Describe();
}

/// <summary>A descriptor that csrun has open already.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Number">Its number in csrun.</param>
public sealed record OpenDescriptor(string Name, int Number) : SentDescriptor
{
    /// <summary>The process's ID in csrun's PID namespace, where the descriptor is a pidfd.</summary>
    public int? Pid { get; init; }

    /// <inheritdoc/>
    public override string Describe() => Name;
}

/// <summary>A detached, ID-mapped copy of a mount: open_tree(2), mount_setattr(2) with MOUNT_ATTR_IDMAP (Linux 5.12).</summary>
/// <param name="Source">The host path.</param>
/// <param name="Recursive">Whether the mounts below are copied too.</param>
/// <param name="MapBelow">Whether they are mapped too.</param>
/// <param name="Uid">On-disk user ID (as containerID) to the ID that the mount shows on the host; null: the container's own map.</param>
/// <param name="Gid">Group IDs likewise.</param>
/// <param name="ReadOnly">Whether the mount is read-only.</param>
public sealed record IdMappedMount(string Source, bool Recursive, bool MapBelow, ImmutableArray<IdMapping>? Uid, ImmutableArray<IdMapping>? Gid, bool ReadOnly) : SentDescriptor
{
    /// <summary>The socket of the broker that makes it; null where csrun may do so itself.</summary>
    public string? Broker { get; init; }

    /// <inheritdoc/>
    public override string Describe() => Broker is null
        ? $"an ID-mapped mount of {Source}"
        : $"an ID-mapped mount of {Source}, made by the broker at {Broker}: users {Map(Uid)}, groups {Map(Gid)} (on disk, shown, how many)";

    private static string Map(ImmutableArray<IdMapping>? map) => new IdMap(map ?? []).Abbreviated();
}

/// <summary>csrun takes over the process that goes on in the child's place: by pidfd, which the child sends before it ends.</summary>
public sealed record AdoptSiblingOp : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "pidfd_open(2)";

    /// <inheritdoc/>
    public override string Describe() => "recvmsg: the pidfd of the process in the container; waitid for the one that joined";
}

/// <summary>A detached mount that a bindfs(1) process of the caller's serves, in the container's user namespace; it ends with the container.</summary>
/// <param name="Program">bindfs.</param>
/// <param name="Source">The host directory.</param>
/// <param name="Uid">The user of the container that all files show as.</param>
/// <param name="Gid">The group likewise.</param>
public sealed record BindfsVolume(string Program, string Source, uint Uid, uint Gid) : SentDescriptor
{
    /// <inheritdoc/>
    public override string Describe() => $"{Source} served by {Program}, all files as user {Uid}'s and group {Gid}'s";
}

/// <summary>A user namespace within the container's, without a process, by whose maps the container maps its own file systems.</summary>
/// <param name="Uid">The ID as the file system stores it to the container's ID that it counts as.</param>
/// <param name="Gid">Group IDs likewise.</param>
public sealed record NestedUserNamespace(ImmutableArray<IdMapping> Uid, ImmutableArray<IdMapping> Gid) : SentDescriptor
{
    /// <inheritdoc/>
    public override string Describe() => $"a user namespace with users {new IdMap(Uid).Abbreviated()}, groups {new IdMap(Gid).Abbreviated()}";
}

/// <summary>csrun hands signals over to the container from here on.</summary>
public sealed record ForwardSignalsOp : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "pidfd_send_signal(2)";

    /// <inheritdoc/>
    public override string Describe() => "sigaction(SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPWR): pidfd_send_signal to the container";
}
