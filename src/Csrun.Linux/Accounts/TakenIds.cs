using System.Collections.Immutable;

namespace Csrun.Linux.Accounts;

/// <summary>IDs of the host that belong to somebody else: what a free range must stay clear of.</summary>
/// <param name="SubUids">Other users' lines of /etc/subuid.</param>
/// <param name="SubGids">Other users' lines of /etc/subgid.</param>
/// <param name="Uids">Every user ID of /etc/passwd.</param>
/// <param name="Gids">Every group ID of /etc/passwd and /etc/group.</param>
public sealed record TakenIds(
    ImmutableArray<SubIdEntry> SubUids, ImmutableArray<SubIdEntry> SubGids, ImmutableArray<uint> Uids, ImmutableArray<uint> Gids)
{
    /// <summary>Nothing is known to be taken.</summary>
    public static TakenIds None { get; } = new([], [], [], []);

    /// <summary>Reads the host's four account files.</summary>
    /// <param name="uid">The user whose own subordinate IDs do not count.</param>
    /// <param name="name">The name of that user, or null where it has none.</param>
    /// <param name="etc">The directory of the files.</param>
    /// <exception cref="CsrunException">A file exists and cannot be read.</exception>
    public static TakenIds Read(uint uid, string? name, string etc = "/etc")
    {
        ImmutableArray<uint>.Builder uids = ImmutableArray.CreateBuilder<uint>();
        ImmutableArray<uint>.Builder gids = ImmutableArray.CreateBuilder<uint>();
        PasswdLines users = new(AccountFile.Read($"{etc}/passwd"), $"{etc}/passwd");
        while (users.MoveNext())
        {
            uids.Add(users.Uid);
            gids.Add(users.Gid);
        }

        GroupLines groups = new(AccountFile.Read($"{etc}/group"), $"{etc}/group");
        while (groups.MoveNext())
        {
            gids.Add(groups.Gid);
        }

        return new TakenIds(
            SubIdFile.EntriesOfOthers(AccountFile.Read($"{etc}/subuid"), name, uid, $"{etc}/subuid"),
            SubIdFile.EntriesOfOthers(AccountFile.Read($"{etc}/subgid"), name, uid, $"{etc}/subgid"),
            uids.DrainToImmutable(),
            gids.DrainToImmutable());
    }
}
