using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

public static partial class IdentityPlanner
{
    private static IdentityPlan Explicit(
        UsernsMode mode, IdMap? uidGiven, IdMap? gidGiven, string uidOption, string gidOption, IdentityFacts facts)
    {
        IdMap uid = uidGiven ?? gidGiven!, gid = gidGiven ?? uidGiven!;
        uid.ThrowIfInvalid(uidGiven is null ? gidOption : uidOption);
        gid.ThrowIfInvalid(gidGiven is null ? uidOption : gidOption);
        CheckExists(uid, facts.Self?.Uid, uidOption);
        CheckExists(gid, facts.Self?.Gid, gidOption);
        if (facts.IsPrivileged)
        {
            return Privileged(mode, uid, gid, null, []);
        }

        CheckOwned(uid, groups: false, uidOption, uidGiven is null ? gidOption : null, facts);
        CheckOwned(gid, groups: true, gidOption, gidGiven is null ? uidOption : null, facts);
        if (uid.IsSingle(facts.CallerUid) && gid.IsSingle(facts.CallerGid))
        {
            return new IdentityPlan
            {
                Mode = mode, NewUserNamespace = true, Uid = uid, Gid = gid, Writer = MapWriter.SelfSingle, DenySetgroups = true,
            };
        }

        bool ownGroup = gid.ContainsHost(facts.CallerGid) && facts.SubIds.Gids.FirstOutside(new IdRange(facts.CallerGid, 1)) is not null;
        RequireTools(facts, ownGroup);
        return ByTools(mode, uid, gid, null, []) with
        {
            // newgidmap writes setgroups=deny itself when no group of the map comes from subgid(5) (CVE-2018-7169).
            DenySetgroups = ownGroup && gid.IsSingle(facts.CallerGid),
        };
    }

    private static void CheckExists(IdMap map, IdMap? self, string option)
    {
        if (self is null)
        {
            return;
        }

        ImmutableArray<IdRange> existing = Everything(self);
        foreach (IdMapping m in map.Mappings)
        {
            if (existing.FirstOutside(new IdRange(m.HostId, m.Size)) is uint missing)
            {
                throw new CsrunException(
                    $"{Named(option, m)}: host ID {missing} does not exist here",
                    $"csrun runs in a user namespace of its own, which has {existing.Describe()}  [SUBID_NOT_IN_NAMESPACE]");
            }
        }
    }

    // What newuidmap(1) would refuse with "uid range [0-1) -> [5-6) not allowed".
    private static void CheckOwned(IdMap map, bool groups, string option, string? copiedFrom, IdentityFacts facts)
    {
        uint own = groups ? facts.CallerGid : facts.CallerUid;
        ImmutableArray<IdRange> ranges = groups ? facts.SubIds.Gids : facts.SubIds.Uids;
        foreach (IdMapping m in map.Mappings)
        {
            if ((m.Size == 1 && m.HostId == own) || ranges.FirstOutside(new IdRange(m.HostId, m.Size)) is not uint foreign)
            {
                continue;
            }

            string kind = groups ? "group" : "user";
            string why = foreign == own
                ? $"{own} is {facts.Caller}'s own, for which newuidmap and newgidmap want an entry of size 1  [ID_NOT_OWNED]"
                : $"{IdentityMessages.MayMap(facts, groups)}  [ID_NOT_OWNED]";
            string? fix = ranges.IsEmpty ? IdentityMessages.AddSubIds(facts, !groups, groups)
                : $"for instance --uidmap {Example(facts.SubIds.Uids, facts.CallerUid)} --gidmap {Example(facts.SubIds.Gids, facts.CallerGid)}";
            throw new CsrunException(
                $"{Named(copiedFrom ?? option, m)}: host {kind} ID {foreign} is not {facts.Caller}'s to map",
                copiedFrom is null || copiedFrom == option ? why : $"{why}\n{option} was not given, so that {copiedFrom} holds for {kind}s too",
                fix);
        }
    }

    // As it was typed: "--uidmap 0:1:1", "--userns map=0:1:1".
    private static string Named(string option, IdMapping mapping) => option.EndsWith('=') ? $"{option}{mapping}" : $"{option} {mapping}";

    private static string Example(ImmutableArray<IdRange> ranges, uint own) =>
        Fitting(ranges, r => MapBuilder.Around(r, 0, own)).Abbreviated();
}
