using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

public static partial class IdentityPlanner
{
    private static IdentityPlan ForOrdinaryUser(UsernsMode mode, uint imageUser, uint imageGroup, IdentityFacts facts)
    {
        List<string> notes = [];
        (uint inside, uint insideGroup) = mode.Kind switch
        {
            UsernsKind.KeepId => (mode.KeepUid ?? facts.CallerUid, mode.KeepGid ?? facts.CallerGid),
            UsernsKind.Auto => (imageUser, imageGroup),
            _ => (0u, 0u),
        };
        UserSpec? defaultUser = mode.Kind == UsernsKind.KeepId ? Numbers(inside, insideGroup) : null;
        if (mode.Kind == UsernsKind.Host)
        {
            mode = UsernsMode.Private;
            notes.Add(IdentityMessages.Note(
                "--userns host: the container gets a user namespace of its own, as with --userns private",
                $"{facts.Caller} is not root: mounts, and with them a root file system, need a user namespace where it is (user_namespaces(7))"));
        }

        ImmutableArray<IdRange> uids = Existing(facts.SubIds.Uids, facts.Self?.Uid), gids = Existing(facts.SubIds.Gids, facts.Self?.Gid);
        bool none = uids.IsEmpty || gids.IsEmpty;
        if (mode.Kind == UsernsKind.NoMap)
        {
            return NoMap(mode, uids, gids, facts, notes);
        }

        if (none || IsMissing(facts.NewUidMap) || IsMissing(facts.NewGidMap))
        {
            (string why, string? fix) = none
                ? (IdentityMessages.WhyNone(facts, uids.IsEmpty, gids.IsEmpty), IdentityMessages.AddSubIds(facts, uids.IsEmpty, gids.IsEmpty))
                : IdentityMessages.Tool(null, IsMissing(facts.NewUidMap) ? "newuidmap" : "newgidmap", facts);
            notes.Add(IdentityMessages.Note(
                $"the container has one user and one group only: {facts.Caller}, as user {inside} and group {insideGroup}; nobody else's files can be had inside",
                why,
                // The first way is the one to say; that the caller's own ID alone is possible is just what happens here.
                fix?.Split('\n')[0]));
            return new IdentityPlan
            {
                Mode = mode,
                NewUserNamespace = true,
                Uid = new IdMap(new IdMapping(inside, facts.CallerUid, 1)),
                Gid = new IdMap(new IdMapping(insideGroup, facts.CallerGid, 1)),
                Writer = MapWriter.SelfSingle,
                DenySetgroups = true,
                DefaultUser = defaultUser,
                Notes = notes,
            };
        }

        CheckOverlap(uids, facts.CallerUid, groups: false, facts);
        CheckOverlap(gids, facts.CallerGid, groups: true, facts);
        RequireTools(facts, ownGroup: true);
        NoteOthers(uids, facts.Taken.SubUids, groups: false, facts, notes);
        NoteOthers(gids, facts.Taken.SubGids, groups: true, facts, notes);
        NoteSmall(uids, gids, facts, notes);
        return ByTools(
            mode,
            Fitting(uids, r => MapBuilder.Around(r, inside, facts.CallerUid)),
            Fitting(gids, r => MapBuilder.Around(r, insideGroup, facts.CallerGid)),
            defaultUser,
            notes);
    }

    private static IdentityPlan NoMap(
        UsernsMode mode, ImmutableArray<IdRange> uids, ImmutableArray<IdRange> gids, IdentityFacts facts, List<string> notes)
    {
        if (uids.IsEmpty || gids.IsEmpty)
        {
            throw new CsrunException(
                "--userns nomap: no ID is left for the container: it has subordinate IDs only",
                IdentityMessages.WhyNone(facts, uids.IsEmpty, gids.IsEmpty),
                IdentityMessages.AddSubIds(facts, uids.IsEmpty, gids.IsEmpty));
        }

        CheckOverlap(uids, facts.CallerUid, groups: false, facts);
        CheckOverlap(gids, facts.CallerGid, groups: true, facts);
        RequireTools(facts, ownGroup: false);
        NoteSmall(uids, gids, facts, notes);
        return ByTools(mode, Fitting(uids, MapBuilder.From), Fitting(gids, MapBuilder.From), null, notes);
    }

    private static IdentityPlan ByTools(UsernsMode mode, IdMap uid, IdMap gid, UserSpec? defaultUser, List<string> notes)
    {
        uid.ThrowIfInvalid("user ID map");
        gid.ThrowIfInvalid("group ID map");
        return new IdentityPlan
        {
            Mode = mode, NewUserNamespace = true, Uid = uid, Gid = gid, Writer = MapWriter.NewIdMapTools, DenySetgroups = false,
            DefaultUser = defaultUser, Notes = notes,
        };
    }

    private static bool IsMissing(MapTool? tool) => tool is null or { State: MapToolState.Missing };

    private static void RequireTools(IdentityFacts facts, bool ownGroup)
    {
        RequireTool(facts.NewUidMap, "newuidmap", facts);
        RequireTool(facts.NewGidMap, "newgidmap", facts);
        if (ownGroup && facts.PrimaryGid is uint primary && primary != facts.CallerGid)
        {
            throw new CsrunException(
                $"newgidmap would refuse the group ID map: csrun runs with group {facts.CallerGid}",
                $"it maps a caller's own group only when that is the caller's group in passwd(5), here {primary}  [CALLER_GROUP]",
                $"run csrun with group {primary}: newgrp -, or sg \"$(id -gn {facts.CallerName ?? facts.CallerUid.ToString()})\" -c 'csrun ...'");
        }
    }

    private static void RequireTool(MapTool? tool, string name, IdentityFacts facts)
    {
        if (tool is { State: MapToolState.Privileged })
        {
            return;
        }

        (string why, string fix) = IdentityMessages.Tool(tool, name, facts);
        throw new CsrunException($"{name} cannot write the container's ID map", why, fix);
    }
}
