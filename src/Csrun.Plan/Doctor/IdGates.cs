using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Doctor;

/// <summary>The gates of ID maps: the tools, the ranges, and writing a map.</summary>
internal static class IdGates
{
    private const uint Wanted = 65536;

    public static GateFinding Tool(DoctorFacts facts, string name)
    {
        IdentityFacts identity = facts.Identity;
        if (identity.IsPrivileged)
        {
            return GateFinding.Skip(name, "root writes ID maps itself");
        }

        MapTool? tool = name == "newuidmap" ? identity.NewUidMap : identity.NewGidMap;
        if (tool is null)
        {
            return GateFinding.Skip(name, $"not needed: {identity.Caller} has no subordinate IDs to map");
        }

        string capability = name == "newuidmap" ? "cap_setuid" : "cap_setgid";
        return tool.State switch
        {
            MapToolState.Privileged => GateFinding.Ok(name, $"{tool.Path} is setuid root or has {capability}"),
            // As csrun run has it: without the tool a container has one user, which is less and not nothing.
            MapToolState.Missing => new GateFinding(name, GateStatus.Warn, $"{name} is not in PATH", "containers have one user and one group only", facts.Distribution.Install("newuidmap"), "HELPER_MISSING"),
            MapToolState.NoPrivilege => new GateFinding(
                name, GateStatus.Fail, $"{tool.Path}: {tool.Why}", "it may not write the maps of subordinate IDs", $"sudo chown root {tool.Path} && sudo chmod u+s {tool.Path}\nor sudo setcap {capability}+ep {tool.Path}", "HELPER_NOT_PRIVILEGED"),
            MapToolState.NosuidMount => new GateFinding(
                name, GateStatus.Fail, $"{tool.Path}: {tool.Why}", "there its privilege does not count (execve(2))", $"install {name} on a file system without nosuid, first in PATH", "HELPER_NOT_PRIVILEGED"),
            _ => new GateFinding(
                name, GateStatus.Fail, "NoNewPrivs: 1 in /proc/self/status", $"no program that csrun starts gains privilege, {tool.Path} neither (PR_SET_NO_NEW_PRIVS)",
                "start csrun without it: NoNewPrivileges= of a service, --security-opt no-new-privileges of a container, setpriv --no-new-privs", "HELPER_NOT_PRIVILEGED"),
        };
    }

    public static GateFinding Ranges(DoctorFacts facts)
    {
        const string Gate = "subordinate-ids";
        IdentityFacts identity = facts.Identity;
        SubIds ids = identity.SubIds;
        string source = ids.Source == "files" ? "/etc/subuid, /etc/subgid" : $"\"{ids.Source}\" of /etc/nsswitch.conf";
        if (ids.Unavailable is { } unavailable)
        {
            return new GateFinding(Gate, GateStatus.Warn, $"{source}: {unavailable}", "the source of subordinate IDs could not be asked", facts.Distribution.Install("libsubid"), "SUBID_NSS_UNAVAILABLE");
        }

        if (ids.Uids.IsEmpty || ids.Gids.IsEmpty)
        {
            string kinds = ids.Uids.IsEmpty && ids.Gids.IsEmpty ? "user and group IDs" : ids.Uids.IsEmpty ? "user IDs" : "group IDs";
            return new GateFinding(
                Gate,
                GateStatus.Warn,
                $"{source}: no subordinate {kinds} for {identity.Caller}",
                identity.IsPrivileged ? "root's containers take a range that nobody has, found anew each time" : "containers have one user and one group only",
                IdentityMessages.AddSubIds(identity, ids.Uids.IsEmpty, ids.Gids.IsEmpty),
                "NOSUBID");
        }

        string evidence = $"{source}: user IDs {ids.Uids.Describe()}, group IDs {ids.Gids.Describe()}";
        bool few = ids.Uids.Total() < Wanted - 1, fewGroups = ids.Gids.Total() < Wanted - 1;
        if (few || fewGroups)
        {
            return new GateFinding(Gate, GateStatus.Warn, evidence, $"images count on {Wanted} IDs; higher ones cannot be had in a container", IdentityMessages.AddSubIds(identity, few, fewGroups), "SUBID_TOO_SMALL");
        }

        return ids.Uids.SequenceEqual(ids.Gids)
            ? GateFinding.Ok(Gate, evidence)
            : new GateFinding(
                Gate, GateStatus.Warn, evidence, "user and group ranges differ: csrun copes, but a file of container user N and group N shows two different numbers on the host, and other tools take one map for both",
                identity.CallerName is { } name && ids.Source == "files" ? $"sudo usermod --add-subgids {ids.Uids[0]} {name}, and delete the other group range, before there are containers" : null);
    }

    public static GateFinding Overlap(DoctorFacts facts)
    {
        const string Gate = "subordinate-overlap";
        IdentityFacts identity = facts.Identity;
        SubIds ids = identity.SubIds;
        if (ids.Uids.IsEmpty && ids.Gids.IsEmpty)
        {
            return GateFinding.Skip(Gate, $"{identity.Caller} has no subordinate IDs");
        }

        string? shared = Shared(ids.Uids, identity.Taken.SubUids, "user") ?? Shared(ids.Gids, identity.Taken.SubGids, "group");
        if (shared is not null)
        {
            return new GateFinding(Gate, GateStatus.Warn, shared, "containers of both share host IDs, and so each other's files", Move(identity), "SUBID_OVERLAP");
        }

        foreach ((string name, uint uid) in facts.Users)
        {
            foreach (IdRange range in ids.Uids)
            {
                if (range.Contains(uid))
                {
                    // csrun run refuses a range with the caller or root in it; with somebody else in it that user's files are open to containers.
                    bool fatal = uid == identity.CallerUid || (uid == 0 && !identity.IsPrivileged);
                    return new GateFinding(
                        Gate, fatal ? GateStatus.Fail : GateStatus.Warn, $"subordinate user IDs {range} contain {uid}, which is {name}", $"a container could be {name} on this host", Move(identity), "SUBID_OVERLAP");
                }
            }
        }

        return GateFinding.Ok(Gate, $"no other user's range and none of {facts.Users.Length} users lies in them");
    }

    public static GateFinding Map(DoctorFacts facts)
    {
        const string Gate = "id-map";
        if (facts.PlanFailure is { } failure)
        {
            // Told once, where it belongs.
            string? told = new[] { Tool(facts, "newuidmap"), Tool(facts, "newgidmap"), Overlap(facts) }.FirstOrDefault(f => f.Status == GateStatus.Fail)?.Gate;
            return told is null
                ? new GateFinding(Gate, GateStatus.Fail, failure.Message, failure.Why, failure.Fix)
                : GateFinding.Skip(Gate, $"not tried: {failure.Message} (see {told})");
        }

        if (facts.IdMap is not { } probe || facts.Plan is not { } plan)
        {
            return GateFinding.Skip(Gate, "not tried: there is no user namespace to try it in");
        }

        return probe.Ok ? GateFinding.Ok(Gate, $"uid_map {plan.Uid}, gid_map {plan.Gid} can be written")
            : probe.Failure is { } refused ? new GateFinding(Gate, GateStatus.Fail, refused.Message, refused.Why, refused.Fix)
            : new GateFinding(Gate, GateStatus.Fail, probe.Evidence, "the maps are written, and the process cannot become their root");
    }

    public static GateFinding Setgroups(DoctorFacts facts)
    {
        const string Gate = "setgroups";
        if (facts.Plan is { DenySetgroups: true })
        {
            return GateFinding.Skip(Gate, "denied in a namespace with the caller's own ID only (user_namespaces(7)): containers have one group");
        }

        return facts.Setgroups switch
        {
            null => GateFinding.Skip(Gate, "not tried: there is no user namespace to try it in"),
            { Ok: true } => GateFinding.Ok(Gate, "containers can set their groups"),
            { } probe => new GateFinding(Gate, GateStatus.Fail, probe.Evidence, "setgroups is denied in csrun's own user namespace, and so in all below it: /proc/self/setgroups", "run csrun outside that user namespace"),
        };
    }

    private static string? Shared(ImmutableArray<IdRange> own, ImmutableArray<SubIdEntry> others, string kind)
    {
        foreach (SubIdEntry other in others)
        {
            foreach (IdRange range in own)
            {
                if (range.Overlaps(other.Range))
                {
                    return $"subordinate {kind} IDs {range} overlap {other.Range} of {other.Owner}";
                }
            }
        }

        return null;
    }

    private static string? Move(IdentityFacts identity)
    {
        if (identity.CallerName is not { } name || identity.SubIds.Source != "files" || identity.SubIds.Uids.IsEmpty || identity.SubIds.Gids.IsEmpty)
        {
            return null;
        }

        string? add = IdentityMessages.AddSubIds(identity, uids: true, gids: true);
        return add is null ? null : $"sudo usermod --del-subuids {identity.SubIds.Uids[0]} --del-subgids {identity.SubIds.Gids[0]} {name} && {add}, before there are containers";
    }
}
