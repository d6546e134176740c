using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>Chooses a container's user namespace and ID maps.</summary>
/// <remarks>Pure: everything about the host is in <see cref="IdentityFacts"/>. docs/design/identities.md.</remarks>
public static partial class IdentityPlanner
{
    /// <summary>Chooses the user namespace and the maps.</summary>
    /// <param name="mode">What <c>--userns</c> asks for; null where it was not given.</param>
    /// <param name="explicitUid"><c>--uidmap</c>, or null.</param>
    /// <param name="explicitGid"><c>--gidmap</c>, or null. Where only one of the two is given it holds for users and groups, as in Docker and podman.</param>
    /// <param name="imageUser">The container ID of the image's USER, for <c>auto</c>.</param>
    /// <param name="imageGroup">The container ID of that user's group, for <c>auto</c>.</param>
    /// <param name="facts">What is known of the caller and the host.</param>
    /// <exception cref="CsrunException">There is no such map for this caller; the code in brackets at the end of the why says which obstacle it is.</exception>
    public static IdentityPlan Plan(
        UsernsMode? mode, IdMap? explicitUid, IdMap? explicitGid, uint imageUser, uint imageGroup, IdentityFacts facts)
    {
        IdentityPlan plan = Choose(mode, explicitUid, explicitGid, imageUser, imageGroup, facts);
        // What is denied around a user namespace is denied in it, whoever writes its maps.
        return facts.SetgroupsDenied ? plan with { DenySetgroups = true } : plan;
    }

    private static IdentityPlan Choose(
        UsernsMode? mode, IdMap? explicitUid, IdMap? explicitGid, uint imageUser, uint imageGroup, IdentityFacts facts)
    {
        if (explicitUid is not null || explicitGid is not null)
        {
            if (mode is not (null or { Kind: UsernsKind.Private }))
            {
                throw new CsrunException(
                    $"--userns {mode} and {(explicitUid is not null ? "--uidmap" : "--gidmap")} were both given",
                    "each says which IDs the container has",
                    "leave one of them out");
            }

            return Explicit(UsernsMode.Private, explicitUid, explicitGid, "--uidmap", "--gidmap", facts);
        }

        mode ??= UsernsMode.Private;
        return mode.Kind switch
        {
            UsernsKind.Map => Explicit(mode, mode.Map, null, "--userns map=", "--userns map=", facts),
            UsernsKind.Container or UsernsKind.Path => Join(mode, facts),
            _ => facts.IsPrivileged ? ForRoot(mode, facts) : ForOrdinaryUser(mode, imageUser, imageGroup, facts),
        };
    }

    private static IdentityPlan Join(UsernsMode mode, IdentityFacts facts)
    {
        if (facts.Joined is not IdMapPair maps)
        {
            throw new CsrunException(
                $"--userns {mode}: the user namespace cannot be joined",
                "its ID maps are not known: it is not there, has ended, or is not the caller's to enter");
        }

        return new IdentityPlan
        {
            Mode = mode, NewUserNamespace = false, Uid = maps.Uid, Gid = maps.Gid, Writer = MapWriter.None, DenySetgroups = false,
        };
    }

    private static IdentityPlan Privileged(UsernsMode mode, IdMap uid, IdMap gid, UserSpec? defaultUser, List<string> notes)
    {
        uid.ThrowIfInvalid("user ID map");
        gid.ThrowIfInvalid("group ID map");
        return new IdentityPlan
        {
            Mode = mode, NewUserNamespace = true, Uid = uid, Gid = gid, Writer = MapWriter.Direct, DenySetgroups = false,
            DefaultUser = defaultUser, Notes = notes,
        };
    }

    // Subordinate IDs around the caller's, as many ranges as the kernel takes lines.
    private static IdMap Fitting(ImmutableArray<IdRange> ranges, Func<ImmutableArray<IdRange>, IdMap> lay)
    {
        // One range is cut in two by the caller's own line.
        int count = Math.Min(ranges.Length, IdMap.MaxExtents - 2);
        while (true)
        {
            IdMap map = lay(count == ranges.Length ? ranges : ranges[..count]);
            if (map.Truncate() == map || count == 0)
            {
                return map;
            }

            count--;
        }
    }

    private static ImmutableArray<IdRange> Existing(ImmutableArray<IdRange> ranges, IdMap? self) =>
        self is null ? ranges : ranges.Within(self);

    private static UserSpec Numbers(uint uid, uint gid) => new(uid.ToString(), gid.ToString());

    // The caller's own ID among its subordinate ones would be mapped twice, which the kernel answers with EINVAL.
    private static void CheckOverlap(ImmutableArray<IdRange> ranges, uint callerId, bool groups, IdentityFacts facts)
    {
        foreach (IdRange range in ranges)
        {
            if (range.Contains(callerId))
            {
                throw IdentityMessages.Overlap(facts, range, callerId, groups, groups ? "its own group" : "its own user ID");
            }

            if (range.Contains(0) && !facts.IsPrivileged && facts.Self is null)
            {
                throw IdentityMessages.Overlap(facts, range, 0, groups, groups ? "the host's group root" : "the host's root");
            }
        }
    }

    private static void NoteOthers(ImmutableArray<IdRange> ranges, ImmutableArray<SubIdEntry> others, bool groups, IdentityFacts facts, List<string> notes)
    {
        foreach (SubIdEntry other in others)
        {
            foreach (IdRange range in ranges)
            {
                if (range.Overlaps(other.Range))
                {
                    notes.Add(IdentityMessages.Note(
                        $"subordinate {(groups ? "group" : "user")} IDs {range} of {facts.Caller} overlap {other.Range} of {other.Owner}",
                        $"containers of both share host IDs and so each other's files  [SUBID_OVERLAP]"));
                    return;
                }
            }
        }
    }

    private static void NoteSmall(ImmutableArray<IdRange> uids, ImmutableArray<IdRange> gids, IdentityFacts facts, List<string> notes)
    {
        bool few = uids.Total() < FreeRange.Size, fewGroups = gids.Total() < FreeRange.Size;
        // 65535 is as good as 65536: with the caller's own ID there are as many.
        if (uids.Total() >= FreeRange.Size - 1 && gids.Total() >= FreeRange.Size - 1)
        {
            return;
        }

        notes.Add(IdentityMessages.Note(
            $"the container has {uids.Total()} subordinate user IDs and {gids.Total()} group IDs: higher ones cannot be had inside",
            $"{facts.Caller} has {facts.SubIds.Uids.Describe()} and {facts.SubIds.Gids.Describe()}; images count on {FreeRange.Size}  [SUBID_TOO_SMALL]",
            IdentityMessages.AddSubIds(facts, few, fewGroups)));
    }
}
