using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Runtime.Namespaces;

/// <summary>One user namespace with what belongs to it.</summary>
public sealed record UserNamespaceInfo
{
    /// <summary>Its number: <c>user:[4026531837]</c>.</summary>
    public required ulong Inode { get; init; }

    /// <summary>The user namespace it was made in; null for the host's first one, and where the kernel does not tell csrun.</summary>
    public ulong? Parent { get; init; }

    /// <summary>Whether it is the host's first one.</summary>
    public bool IsInitial { get; init; }

    /// <summary>Who made it, an ID of csrun's own user namespace; null where the kernel does not tell.</summary>
    public uint? OwnerUid { get; init; }

    /// <summary>Its maps, to IDs of csrun's own user namespace; of csrun's own, to IDs of its parent. Null where no process in it can be asked.</summary>
    public IdMapPair? Maps { get; init; }

    /// <summary>Those of the processes in sight that are in it, by PID.</summary>
    public ImmutableArray<NamespaceProcess> Processes { get; init; } = [];

    /// <summary>The namespaces of other kinds that belong to it, by kind and number.</summary>
    public ImmutableArray<NamespaceInfo> Owns { get; init; } = [];

    /// <summary>A path at which a bind mount keeps it, or null.</summary>
    public string? Mount { get; init; }
}
