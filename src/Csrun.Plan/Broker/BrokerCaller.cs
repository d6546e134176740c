using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Broker;

/// <summary>Who asks the broker, as the broker itself found out: the kernel's word for the process, the machine's files for the rest.</summary>
/// <param name="Uid">The effective user ID of the process that connected.</param>
/// <param name="Gid">Its effective group ID.</param>
/// <param name="Name">The user's name; null where no source of passwd(5) has one.</param>
/// <param name="PrimaryGid">The user's group in passwd(5).</param>
/// <param name="SubIds">The user's subordinate IDs.</param>
public sealed record BrokerCaller(uint Uid, uint Gid, string? Name, uint? PrimaryGid, SubIds SubIds)
{
    /// <summary>The user IDs that are the caller's own.</summary>
    public ImmutableArray<IdRange> Uids => [new IdRange(Uid, 1), .. SubIds.Uids];

    /// <summary>The group IDs that are the caller's own.</summary>
    public ImmutableArray<IdRange> Gids => [new IdRange(Gid, 1), .. SubIds.Gids];

    /// <summary>The caller for messages.</summary>
    public string Who => Name ?? $"user {Uid}";
}
