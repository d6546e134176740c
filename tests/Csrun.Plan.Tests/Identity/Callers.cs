using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Tests.Identity;

/// <summary>Facts about made-up callers.</summary>
internal static class Callers
{
    public static readonly MapTool Uidmap = new("newuidmap", "/usr/bin/newuidmap", MapToolState.Privileged, null);
    public static readonly MapTool Gidmap = new("newgidmap", "/usr/bin/newgidmap", MapToolState.Privileged, null);

    public static ImmutableArray<IdRange> Range(uint start, uint count) => [new(start, count)];

    /// <summary>An ordinary user as useradd(8) makes it.</summary>
    public static IdentityFacts Alice => new()
    {
        CallerUid = 1000,
        CallerGid = 1000,
        IsPrivileged = false,
        CallerName = "alice",
        PrimaryGid = 1000,
        SubIds = new SubIds(Range(100000, 65536), Range(100000, 65536)),
        NewUidMap = Uidmap,
        NewGidMap = Gidmap,
    };

    /// <summary>An ordinary user without subordinate IDs, beside bob, who has the first ones.</summary>
    public static IdentityFacts Poor => Alice with
    {
        SubIds = SubIds.None,
        NewUidMap = null,
        NewGidMap = null,
        Taken = new TakenIds([new("bob", new(100000, 65536))], [new("bob", new(100000, 65536))], [0, 1000, 1001], [0, 1000, 1001]),
    };

    /// <summary>Root, without a line in /etc/subuid.</summary>
    public static IdentityFacts Root => new()
    {
        CallerUid = 0,
        CallerGid = 0,
        IsPrivileged = true,
        CallerName = "root",
        PrimaryGid = 0,
        Taken = new TakenIds([new("alice", new(100000, 65536))], [new("alice", new(100000, 65536))], [0, 1000, 65534], [0, 1000, 65534]),
    };

    /// <summary>Root with subordinate IDs of its own.</summary>
    public static IdentityFacts RichRoot => Root with { SubIds = new SubIds(Range(1000000, 65536), Range(2000000, 65536)), Taken = TakenIds.None };
}
