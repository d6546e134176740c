using System.Collections.Immutable;

namespace Csrun.Runtime.Namespaces;

/// <summary>All namespaces that csrun can see, at one moment.</summary>
public sealed record NamespaceSurvey
{
    /// <summary>csrun's own namespaces, which are its caller's.</summary>
    public required ImmutableSortedDictionary<NamespaceKind, ulong> Own { get; init; }

    /// <summary>The user namespaces, by number.</summary>
    public required ImmutableArray<UserNamespaceInfo> Users { get; init; }

    /// <summary>Namespaces whose owner the kernel does not tell csrun: it is none of csrun's own user namespace and its descendants.</summary>
    public ImmutableArray<NamespaceInfo> OwnerUnknown { get; init; } = [];

    /// <summary>The processes that csrun could not look at, by user.</summary>
    public ImmutableArray<HiddenProcesses> Hidden { get; init; } = [];

    /// <summary>The user namespaces without a parent in sight, the caller's own first.</summary>
    public IEnumerable<UserNamespaceInfo> Roots => Users
        .Where(u => u.Parent is null || !Users.Any(p => p.Inode == u.Parent))
        .OrderByDescending(u => u.Inode == Own.GetValueOrDefault(NamespaceKind.User));

    /// <summary>The user namespaces that were made in this one.</summary>
    public IEnumerable<UserNamespaceInfo> ChildrenOf(UserNamespaceInfo parent) => Users.Where(u => u.Parent == parent.Inode && u.Inode != parent.Inode);

    /// <summary>Whether csrun, and so its caller, is in this namespace.</summary>
    public bool IsOwn(NamespaceKind kind, ulong inode) => Own.TryGetValue(kind, out ulong own) && own == inode;
}
