using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Broker;

/// <summary>What the broker grants: nothing but IDs that are the caller's own, on both sides of the map. Pure.</summary>
/// <remarks>The rules of newuidmap(1), for mounts; why each is there: docs/design/broker.md.</remarks>
public static class BrokerPolicy
{
    /// <summary>Whether the caller may have anything at all.</summary>
    /// <returns>Null, or why not.</returns>
    public static BrokerRefusal? Judge(BrokerCaller caller)
    {
        if (caller.Uid == 0)
        {
            return new(BrokerCode.NotForYou, "root maps mounts itself");
        }

        if (caller.Name is null || caller.PrimaryGid is not { } primary)
        {
            return new(BrokerCode.NotForYou, $"no user of this machine has the ID {caller.Uid}");
        }

        if (caller.Gid != primary)
        {
            // As newgidmap does: who runs under another group (newgrp, a setgid program) has that group for one purpose.
            return new(BrokerCode.NotForYou, $"the process runs as group {caller.Gid}, and the group of {caller.Who} is {primary}");
        }

        // Without subordinate groups a user namespace keeps setgroups denied, so that nobody drops a group that denies access
        // (CVE-2018-7169). A mapped mount that leaves such a group out would be a way around that.
        return caller.SubIds.Uids.IsEmpty || caller.SubIds.Gids.IsEmpty
            ? new(BrokerCode.NotForYou, $"{caller.Who} has no subordinate user and group IDs")
            : null;
    }

    /// <summary>Whether a mount with these maps is the caller's to have.</summary>
    /// <returns>Null, or why not.</returns>
    public static BrokerRefusal? Judge(BrokerCaller caller, BrokerRequest request) =>
        Judge(caller)
        ?? Judge(caller, "user", request.Uids, caller.Uids)
        ?? Judge(caller, "group", request.Gids, caller.Gids);

    private static BrokerRefusal? Judge(BrokerCaller caller, string kind, ImmutableArray<IdMapping> map, ImmutableArray<IdRange> own)
    {
        IReadOnlyList<string> problems = new IdMap(map).Validate();
        if (problems.Count != 0)
        {
            return new(BrokerCode.BadMap, $"the {kind} map is not valid: {problems[0]}");
        }

        foreach (IdMapping line in map)
        {
            if (line.ContainerId == 0 || line.HostId == 0)
            {
                return new(BrokerCode.NotYourId, $"the {kind} map names {kind} 0 {(line.ContainerId == 0 ? "on disk" : "of the host")}, who is root");
            }

            if (own.FirstOutside(new IdRange(line.ContainerId, line.Size)) is { } onDisk)
            {
                return new(BrokerCode.NotYourId, $"{kind} {onDisk} on disk is not one of {caller.Who}'s own ({own.Describe()})");
            }

            if (own.FirstOutside(new IdRange(line.HostId, line.Size)) is { } shown)
            {
                return new(BrokerCode.NotYourId, $"{kind} {shown}, which the mount would show, is not one of {caller.Who}'s own ({own.Describe()})");
            }
        }

        return null;
    }
}
