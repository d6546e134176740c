using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

public static partial class IdentityPlanner
{
    private static IdentityPlan ForRoot(UsernsMode mode, IdentityFacts facts)
    {
        if (mode.Kind == UsernsKind.Host)
        {
            return new IdentityPlan
            {
                Mode = mode, NewUserNamespace = false, Uid = IdMap.Identity, Gid = IdMap.Identity, Writer = MapWriter.None, DenySetgroups = false,
            };
        }

        List<string> notes = [];
        (ImmutableArray<IdRange> uids, ImmutableArray<IdRange> gids) = RootRanges(facts, notes);
        if (mode.Kind != UsernsKind.KeepId)
        {
            if (mode.Kind == UsernsKind.Auto)
            {
                mode = UsernsMode.Private;
                notes.Add(IdentityMessages.Note(
                    "--userns auto: the container's users are all subordinate IDs, as with --userns private",
                    "the caller is root, and an image's USER must not become the host's root"));
            }

            return Privileged(mode, Fitting(uids, MapBuilder.From), Fitting(gids, MapBuilder.From), null, notes);
        }

        uint inside = mode.KeepUid ?? facts.CallerUid, insideGroup = mode.KeepGid ?? facts.CallerGid;
        notes.Add(IdentityMessages.Note(
            $"--userns keep-id: user {inside} of the container is the host's user {facts.CallerUid}",
            $"the caller is {facts.Caller}: what that user may read and write on volumes, the container may"));
        uids = Without(uids, facts.CallerUid);
        gids = Without(gids, facts.CallerGid);
        return Privileged(
            mode,
            Fitting(uids, r => MapBuilder.Around(r, inside, facts.CallerUid)),
            Fitting(gids, r => MapBuilder.Around(r, insideGroup, facts.CallerGid)),
            Numbers(inside, insideGroup),
            notes);
    }

    private static (ImmutableArray<IdRange> Uids, ImmutableArray<IdRange> Gids) RootRanges(IdentityFacts facts, List<string> notes)
    {
        ImmutableArray<IdRange> uids = Existing(facts.SubIds.Uids, facts.Self?.Uid), gids = Existing(facts.SubIds.Gids, facts.Self?.Gid);
        if (!uids.IsEmpty && !gids.IsEmpty)
        {
            NoteOthers(uids, facts.Taken.SubUids, groups: false, facts, notes);
            NoteOthers(gids, facts.Taken.SubGids, groups: true, facts, notes);
            NoteSmall(uids, gids, facts, notes);
            return (uids, gids);
        }

        string why = IdentityMessages.WhyNone(facts, uids.IsEmpty, gids.IsEmpty);
        if (FreeRange.ForContainer(facts.Taken, facts.Self) is IdRange free)
        {
            string options = $"{(uids.IsEmpty ? $" --add-subuids {free}" : "")}{(gids.IsEmpty ? $" --add-subgids {free}" : "")}";
            notes.Add(IdentityMessages.Note(
                $"container IDs 0-{free.Count - 1} are host IDs {free}, which nobody on this machine has; no file was changed",
                why,
                facts.CallerName is null || facts.SubIds.Source != "files" ? null : $"to keep them for {facts.CallerName}: sudo usermod{options} {facts.CallerName}"));
            ImmutableArray<IdRange> range = [free];
            return (uids.IsEmpty ? range : uids, gids.IsEmpty ? range : gids);
        }

        if (facts.Self is IdMapPair self)
        {
            notes.Add(IdentityMessages.Note(
                "container IDs are the same as csrun's own: all that its user namespace has",
                $"{why}\n  why: it runs in a user namespace with {self.Uid.Count} user and {self.Gid.Count} group IDs, too few to set {FreeRange.Size} apart"));
            return (Everything(self.Uid), Everything(self.Gid));
        }

        throw new CsrunException(
            $"no {FreeRange.Size} host IDs in a row are free for the container",
            why,
            IdentityMessages.AddSubIds(facts, uids.IsEmpty, gids.IsEmpty) ?? "name them: --userns map=0:HOST:COUNT, or take the host's: --userns host");
    }

    // All IDs of csrun's own namespace, the lowest first.
    private static ImmutableArray<IdRange> Everything(IdMap self)
    {
        ImmutableArray<IdRange>.Builder ranges = ImmutableArray.CreateBuilder<IdRange>();
        foreach (IdMapping m in self.Normalize().Mappings)
        {
            ranges.Add(new IdRange(m.ContainerId, m.Size));
        }

        return ranges.DrainToImmutable();
    }

    private static ImmutableArray<IdRange> Without(ImmutableArray<IdRange> ranges, uint id)
    {
        ImmutableArray<IdRange> rest = ranges.Insert(0, new IdRange(id, 1)).Distinct();
        return rest.RemoveAt(0);
    }
}
