using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>To whom a host ID belongs.</summary>
/// <param name="Name">The account or group of that ID, or null.</param>
/// <param name="Subordinate">The subordinate ranges that have it; several where ranges overlap.</param>
public sealed record IdOrigin(string? Name, ImmutableArray<SubordinateId> Subordinate)
{
    /// <summary>Looks a host ID up.</summary>
    /// <param name="id">The ID, in csrun's own user namespace.</param>
    /// <param name="isGroup">Whether it is a group's.</param>
    /// <param name="accounts">The host's accounts.</param>
    public static IdOrigin Of(uint id, bool isGroup, HostAccounts accounts)
    {
        string? name = isGroup
            ? accounts.Groups.Entries.FirstOrDefault(g => g.Gid == id)?.Name
            : accounts.Users.Entries.FirstOrDefault(u => u.Uid == id)?.Name;
        ImmutableArray<SubordinateId>.Builder found = ImmutableArray.CreateBuilder<SubordinateId>();
        ImmutableArray<SubIdEntry> entries = (isGroup ? accounts.SubGids : accounts.SubUids).Entries;
        foreach (SubIdEntry entry in entries)
        {
            if (!entry.Range.Contains(id))
            {
                continue;
            }

            PasswdEntry? owner = accounts.Users.Entries.FirstOrDefault(u => u.Name == entry.Owner)
                ?? (IdNumber.TryParse(entry.Owner, out uint number) ? accounts.Users.Entries.FirstOrDefault(u => u.Uid == number) : null);
            string ownerName = owner?.Name ?? entry.Owner;
            if (found.All(s => s.Owner != ownerName))
            {
                found.Add(new SubordinateId(ownerName, entry.Range, owner is null ? null : DefaultMap(owner, isGroup, entries).ToContainer(id)));
            }
        }

        return new IdOrigin(name, found.DrainToImmutable());
    }

    /// <summary>The map that containers of this user have when nothing else is asked for: root of the container is the user (of root's: the first subordinate ID).</summary>
    private static IdMap DefaultMap(PasswdEntry owner, bool isGroup, ImmutableArray<SubIdEntry> entries)
    {
        string number = owner.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        ImmutableArray<IdRange> ranges = entries.Where(e => e.Owner == owner.Name || e.Owner == number).Select(e => e.Range).ToImmutableArray().Distinct();
        return owner.Uid == 0 ? MapBuilder.From(ranges) : MapBuilder.Around(ranges, 0, isGroup ? owner.Gid : owner.Uid);
    }
}
