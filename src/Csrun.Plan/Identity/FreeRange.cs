using System.Collections.Immutable;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>Finds IDs of the host that nobody has.</summary>
internal static class FreeRange
{
    /// <summary>How many IDs a container gets where nothing says otherwise: the 16-bit ones, which every distribution keeps to.</summary>
    public const uint Size = 65536;

    // systemd's table of ID ranges (UIDS-GIDS): 524288 to 1879048191 are containers of systemd-nspawn, 2147352576 to
    // 2147418111 the foreign IDs; what lies between the two is unused by every known tool.
    private const uint PreferredStart = 1879048192;
    private const uint PreferredEnd = 2147352576;
    private const uint ContainersStart = 524288;

    // useradd(8)'s SUB_UID_MIN and SUB_UID_MAX.
    private const uint SubIdStart = 100000;
    private const uint SubIdEnd = 600100000;

    /// <summary>A range for a container of root's: the same one always, as long as the accounts stay the same; null when there is none.</summary>
    public static IdRange? ForContainer(TakenIds taken, IdMapPair? self) =>
        Find(taken, self, PreferredStart, PreferredEnd) ?? Find(taken, self, ContainersStart, PreferredStart);

    /// <summary>A range to suggest for a line of /etc/subuid and /etc/subgid, where useradd(8) would put it; null when there is none.</summary>
    public static IdRange? ForSubIds(TakenIds taken, IdMapPair? self) => Find(taken, self, SubIdStart, SubIdEnd);

    private static IdRange? Find(TakenIds taken, IdMapPair? self, uint start, uint end)
    {
        for (ulong candidate = start; candidate + Size <= end;)
        {
            IdRange range = new((uint)candidate, Size);
            ulong? clash = Clash(taken, range);
            if (clash is null)
            {
                if (self is null || (Exists(self.Uid, range) && Exists(self.Gid, range)))
                {
                    return range;
                }

                clash = range.End;
            }

            // In steps of the size from the start, so that a range found today does not overlap half of one found tomorrow.
            candidate = start + ((clash.Value - start + Size - 1) / Size * Size);
        }

        return null;
    }

    // One past the last ID of something that the range overlaps; null when it is free.
    private static ulong? Clash(TakenIds taken, IdRange range) =>
        Clash(taken.SubUids, range) ?? Clash(taken.SubGids, range) ?? Clash(taken.Uids, range) ?? Clash(taken.Gids, range);

    private static ulong? Clash(ImmutableArray<SubIdEntry> entries, IdRange range)
    {
        foreach (SubIdEntry entry in entries)
        {
            if (entry.Range.Overlaps(range))
            {
                return entry.Range.End;
            }
        }

        return null;
    }

    private static ulong? Clash(ImmutableArray<uint> ids, IdRange range)
    {
        foreach (uint id in ids)
        {
            if (range.Contains(id))
            {
                return (ulong)id + 1;
            }
        }

        return null;
    }

    private static bool Exists(IdMap self, IdRange range) => ImmutableArray.Create(range).Within(self).Total() == range.Count;
}
