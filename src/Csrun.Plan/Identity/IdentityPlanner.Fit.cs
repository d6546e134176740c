using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

public static partial class IdentityPlanner
{
    /// <summary>Checks that a container's user exists under the plan's maps, and drops the groups that cannot be set there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="user">Who the process is to be, in container IDs.</param>
    /// <param name="facts">The facts that the plan was made of, for the fix.</param>
    /// <returns>The user; without additional groups where setgroups(2) is denied.</returns>
    /// <exception cref="CsrunException">The user, its group or an additional group has no host ID.</exception>
    public static ResolvedUser Fit(IdentityPlan plan, ResolvedUser user, IdentityFacts facts)
    {
        Require(plan, plan.Uid, user.Uid, groups: false, "user", facts);
        Require(plan, plan.Gid, user.Gid, groups: true, "group", facts);
        if (plan.DenySetgroups)
        {
            return user with { AdditionalGids = [] };
        }

        foreach (uint gid in user.AdditionalGids)
        {
            Require(plan, plan.Gid, gid, groups: true, "additional group", facts);
        }

        return user;
    }

    private static void Require(IdentityPlan plan, IdMap map, uint id, bool groups, string what, IdentityFacts facts)
    {
        if (map.ContainsContainer(id))
        {
            return;
        }

        bool chosen = plan.Mode.Kind is not (UsernsKind.Map or UsernsKind.Container or UsernsKind.Path) && !facts.IsPrivileged;
        bool single = plan.Writer == MapWriter.SelfSingle;
        ImmutableArray<IdRange> ranges = groups ? facts.SubIds.Gids : facts.SubIds.Uids;
        if (single && !ranges.IsEmpty && (IsMissing(facts.NewUidMap) || IsMissing(facts.NewGidMap)))
        {
            (string missing, string? install) = IdentityMessages.Tool(null, IsMissing(facts.NewUidMap) ? "newuidmap" : "newgidmap", facts);
            throw new CsrunException($"{what} {id} does not exist in the container", $"the container has one {(groups ? "group" : "user")}, {map.Mappings[0].ContainerId}: {missing}", install?.Split('\n')[0]);
        }

        string code = !chosen ? "ID_NOT_MAPPED" : single ? "NOSUBID" : "SUBID_TOO_SMALL";
        string has = single
            ? $"the container has one {(groups ? "group" : "user")}, {map.Mappings[0].ContainerId}: no other is mapped without subordinate IDs"
            : $"the container's {(groups ? "group" : "user")} ID map is {map.Abbreviated()}";
        throw new CsrunException(
            $"{what} {id} does not exist in the container",
            $"{has}  [{code}]",
            chosen && (ranges.Total() <= id || single) ? IdentityMessages.AddSubIds(facts, !groups || single, groups || single) : null);
    }
}
