using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Plan.Ops;

/// <summary>What is copied.</summary>
public enum CopiedKind
{
    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A FIFO.</summary>
    Fifo,
}

/// <summary>An extended attribute.</summary>
/// <param name="Name">Its name, namespace included.</param>
/// <param name="Value">Its value.</param>
public sealed record CopiedAttribute(string Name, ImmutableArray<byte> Value);

/// <summary>A file of a tree that is copied. Its owner is not in here: who that is in the container's user namespace, the child sees.</summary>
/// <param name="Path">Its path below the tree's top, without a leading slash; empty for the top itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits.</param>
public sealed record CopiedEntry(string Path, CopiedKind Kind, uint Mode)
{
    /// <summary>The length of a regular file.</summary>
    public long Size { get; init; }

    /// <summary>Where a symbolic link leads.</summary>
    public string? Target { get; init; }

    /// <summary>When it was read last.</summary>
    public FileStat.FileTime Accessed { get; init; }

    /// <summary>When it was written last.</summary>
    public FileStat.FileTime Modified { get; init; }

    /// <summary>Its extended attributes.</summary>
    public ImmutableArray<CopiedAttribute> Attributes { get; init; } = [];
}

/// <summary>What a tmpfs begins with: the tree that the root file system has at its place (the mount option <c>tmpcopyup</c>).</summary>
/// <param name="Destination">Where the tmpfs goes, as the configuration names it.</param>
/// <param name="Entries">The tree, its top first, each directory before what is in it.</param>
/// <param name="KeepsMode">Whether the tmpfs has a mode of its own (mode=).</param>
/// <param name="KeepsOwner">Whether it has an owner of its own (uid=, gid=).</param>
public sealed record CopiedTree(string Destination, ImmutableArray<CopiedEntry> Entries, bool KeepsMode, bool KeepsOwner);
