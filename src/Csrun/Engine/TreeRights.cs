using System.Collections.Immutable;
using Csrun.Images.Trees;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;

namespace Csrun.Engine;

/// <summary>Which files are the caller's, and the user namespace in which all of them can be worked on.</summary>
/// <param name="Ids">The caller's IDs, as the worker sees them.</param>
/// <param name="Namespace">The namespace; null where the caller's own rights are all there are.</param>
/// <param name="Facts">What is known of the caller.</param>
internal sealed record TreeRights(TreeIds Ids, Identity? Namespace, IdentityFacts Facts)
{
    /// <summary>Finds out. An ordinary user's subordinate IDs keep their host's numbers in the namespace, so that an ID without a
    /// mapping, which the kernel shows as 65534, cannot be taken for one of them.</summary>
    internal static TreeRights Of(Caller caller)
    {
        if (caller.IsPrivileged)
        {
            Identity root = Identity.Default(caller);
            return new TreeRights(new TreeIds(caller.Uid, caller.Gid, HostRanges(root.Plan.Uid), HostRanges(root.Plan.Gid), All: true), null, root.Facts);
        }

        IdentityFacts facts = Identity.FactsOf(caller);
        ImmutableArray<IdRange> uids = facts.SubIds.Uids, gids = facts.SubIds.Gids;
        if (uids.IsEmpty)
        {
            return new TreeRights(new TreeIds(caller.Uid, caller.Gid, [], [], All: false), null, facts);
        }

        IdentityPlan plan = IdentityPlanner.Plan(null, Map(caller.Uid, uids), Map(caller.Gid, gids), 0, 0, facts);
        return new TreeRights(new TreeIds(0, 0, uids, gids, All: false), new Identity(plan, facts), facts);
    }

    private static IdMap Map(uint own, ImmutableArray<IdRange> ranges) =>
        new([new IdMapping(0, own, 1), .. ranges.Take(IdMap.MaxExtents - 1).Select(r => new IdMapping(r.Start, r.Start, r.Count))]);

    private static ImmutableArray<IdRange> HostRanges(IdMap map) => [.. map.Mappings.Select(m => new IdRange(m.HostId, m.Size))];
}
