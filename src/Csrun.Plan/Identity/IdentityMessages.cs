using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>The words for what stands in the way of a map: why, with its code, and the command that removes it.</summary>
internal static class IdentityMessages
{
    /// <summary>A message that does not end the run, in the form of an error's.</summary>
    public static string Note(string what, string why, string? fix = null) =>
        fix is null ? $"{what}\n  why: {why}" : $"{what}\n  why: {why}\n  fix: {fix.Replace("\n", "\n  fix: ", StringComparison.Ordinal)}";

    /// <summary>Why the caller has no subordinate IDs of a kind.</summary>
    public static string WhyNone(IdentityFacts facts, bool uids, bool gids)
    {
        string kind = (uids, gids) switch
        {
            (true, true) => "user and group IDs",
            (true, false) => "user IDs",
            _ => "group IDs",
        };
        if (facts.SubIds.Unavailable is string unavailable)
        {
            return $"subordinate {kind} come from \"{facts.SubIds.Source}\" (/etc/nsswitch.conf), which could not be asked: {unavailable}  [SUBID_NSS_UNAVAILABLE]";
        }

        if ((uids && !facts.SubIds.Uids.IsEmpty) || (gids && !facts.SubIds.Gids.IsEmpty))
        {
            ImmutableArray<IdRange> own = uids && !facts.SubIds.Uids.IsEmpty ? facts.SubIds.Uids : facts.SubIds.Gids;
            return $"csrun runs in a user namespace without the subordinate {kind} of {facts.Caller}: {own.Describe()}  [SUBID_NOT_IN_NAMESPACE]";
        }

        string asked = facts.SubIds.Source != "files" ? $"\"{facts.SubIds.Source}\" (/etc/nsswitch.conf)"
            : (uids, gids) switch
            {
                (true, true) => "/etc/subuid and /etc/subgid",
                (true, false) => "/etc/subuid",
                _ => "/etc/subgid",
            };
        return $"{facts.Caller} has no subordinate {kind} in {asked}  [NOSUBID]";
    }

    /// <summary>The command that gives the caller (more) subordinate IDs; null where none is known to work.</summary>
    public static string? AddSubIds(IdentityFacts facts, bool uids, bool gids)
    {
        if (facts.SubIds.Unavailable is not null)
        {
            return "install libsubid (Debian, Ubuntu: sudo apt install libsubid4; Fedora: sudo dnf install shadow-utils-subid)";
        }

        if (facts.SubIds.Source != "files")
        {
            return $"have whoever runs \"{facts.SubIds.Source}\" give {facts.Caller} subordinate IDs";
        }

        // Beside what the caller has already: more of the same would be no more.
        TakenIds taken = facts.Taken with
        {
            SubUids = [.. facts.Taken.SubUids, .. uids ? facts.SubIds.Uids.Select(r => new SubIdEntry("", r)) : []],
            SubGids = [.. facts.Taken.SubGids, .. gids ? facts.SubIds.Gids.Select(r => new SubIdEntry("", r)) : []],
        };
        if (FreeRange.ForSubIds(taken, facts.Self) is not IdRange free)
        {
            return null;
        }

        if (facts.CallerName is null)
        {
            // usermod(8) wants a user of /etc/passwd; lines by number work without one.
            string file = uids && gids ? "/etc/subuid /etc/subgid" : uids ? "/etc/subuid" : "/etc/subgid";
            return $"echo {facts.CallerUid}:{free.Start}:{free.Count} | sudo tee -a {file}";
        }

        return $"sudo usermod{(uids ? $" --add-subuids {free}" : "")}{(gids ? $" --add-subgids {free}" : "")} {facts.CallerName}";
    }

    /// <summary>Why a map tool cannot be used, and what to do.</summary>
    public static (string Why, string Fix) Tool(MapTool? tool, string name, IdentityFacts facts)
    {
        string single = $"or have your own ID alone: --uidmap 0:{facts.CallerUid}:1 --gidmap 0:{facts.CallerGid}:1";
        string capability = name == "newuidmap" ? "cap_setuid" : "cap_setgid";
        return tool?.State switch
        {
            MapToolState.NoPrivilege => (
                $"{tool.Path}: {tool.Why}  [HELPER_NOT_PRIVILEGED]",
                $"sudo chown root {tool.Path} && sudo chmod u+s {tool.Path}\nor sudo setcap {capability}+ep {tool.Path}\n{single}"),
            MapToolState.NosuidMount => (
                $"{tool.Path}: {tool.Why}  [HELPER_NOT_PRIVILEGED]",
                $"install {name} on a file system without nosuid, first in PATH\n{single}"),
            MapToolState.NoNewPrivileges => (
                $"{tool.Path}: {tool.Why}  [HELPER_NOT_PRIVILEGED]",
                $"start csrun without it (NoNewPrivileges= of a service, --security-opt no-new-privileges of a container)\n{single}"),
            _ => (
                $"{name} is not in PATH  [HELPER_MISSING]",
                $"sudo apt install uidmap (Debian, Ubuntu), sudo dnf install shadow-utils (Fedora), sudo apk add shadow-uidmap (Alpine)\n{single}"),
        };
    }

    /// <summary>What a caller may map, for a message.</summary>
    public static string MayMap(IdentityFacts facts, bool groups)
    {
        ImmutableArray<IdRange> ranges = groups ? facts.SubIds.Gids : facts.SubIds.Uids;
        string own = $"{facts.Caller} may map {(groups ? facts.CallerGid : facts.CallerUid)} (its own, in an entry of size 1)";
        return ranges.IsEmpty
            ? $"{own} and has no subordinate {(groups ? "group" : "user")} IDs"
            : $"{own} and {ranges.Describe()} ({(facts.SubIds.Source != "files" ? facts.SubIds.Source : groups ? "/etc/subgid" : "/etc/subuid")})";
    }

    /// <summary>Subordinate IDs that clash with the caller's own ID or with the host's root.</summary>
    public static CsrunException Overlap(IdentityFacts facts, IdRange range, uint id, bool groups, string whose) => new(
        $"subordinate {(groups ? "group" : "user")} IDs {range} of {facts.Caller} contain {id}, {whose}",
        "each host ID can be one container ID only, and subordinate IDs are to be nobody else's  [SUBID_OVERLAP]",
        facts.CallerName is null ? null
            : $"sudo usermod --del-sub{(groups ? "g" : "u")}ids {range} {facts.CallerName}, then give it a range that nobody has");
}
