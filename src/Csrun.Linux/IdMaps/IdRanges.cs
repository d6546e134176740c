using System.Collections.Immutable;

namespace Csrun.Linux.IdMaps;

/// <summary>Questions about several ranges at once, such as all subordinate IDs of a user.</summary>
public static class IdRanges
{
    /// <summary>How many IDs the ranges have together, each range counted.</summary>
    public static ulong Total(this ImmutableArray<IdRange> ranges)
    {
        ulong total = 0;
        foreach (IdRange range in ranges)
        {
            total += range.Count;
        }

        return total;
    }

    /// <summary>The first ID of <paramref name="wanted"/> that lies in none of the ranges; null when all lie in them, be it across several that adjoin.</summary>
    public static uint? FirstOutside(this ImmutableArray<IdRange> ranges, IdRange wanted)
    {
        ulong next = wanted.Start;
        while (next < wanted.End)
        {
            ulong before = next;
            foreach (IdRange range in ranges)
            {
                if (range.Start <= next && next < range.End)
                {
                    next = range.End;
                }
            }

            if (next == before)
            {
                return (uint)next;
            }
        }

        return null;
    }

    /// <summary>The ranges in their order, without IDs that an earlier one has already and without empty ones.</summary>
    /// <remarks>A user may be in subuid(5) by name and by number with the same IDs; a map with both would overlap itself.</remarks>
    public static ImmutableArray<IdRange> Distinct(this ImmutableArray<IdRange> ranges)
    {
        ImmutableArray<IdRange>.Builder distinct = ImmutableArray.CreateBuilder<IdRange>(ranges.Length);
        foreach (IdRange range in ranges)
        {
            AddPieces(range, distinct, distinct.Count);
        }

        return distinct.DrainToImmutable();
    }

    /// <summary>What the ranges have in common with a map's container IDs: the part of them that exists inside a user namespace.</summary>
    public static ImmutableArray<IdRange> Within(this ImmutableArray<IdRange> ranges, IdMap map)
    {
        IdMap sorted = map.Normalize();
        ImmutableArray<IdRange>.Builder within = ImmutableArray.CreateBuilder<IdRange>(ranges.Length);
        foreach (IdRange range in ranges)
        {
            foreach (IdMapping m in sorted.Mappings)
            {
                uint from = Math.Max(range.Start, m.ContainerId);
                ulong to = Math.Min(range.End, (ulong)m.ContainerId + m.Size);
                if (from < to)
                {
                    within.Add(new IdRange(from, (uint)(to - from)));
                }
            }
        }

        return within.DrainToImmutable();
    }

    /// <summary>The ranges for a message: <c>100000-165535, 200000-265535</c>, cut after a few.</summary>
    public static string Describe(this ImmutableArray<IdRange> ranges)
    {
        const int Most = 5;
        if (ranges.IsDefaultOrEmpty)
        {
            return "none";
        }

        string text = string.Join(", ", ranges.AsSpan()[..Math.Min(Most, ranges.Length)].ToArray());
        return ranges.Length > Most ? $"{text}, ... ({ranges.Length} ranges)" : text;
    }

    // Cuts the range at the first of the taken ones (the first `taken` of `into`) that it overlaps, and goes on with both ends.
    private static void AddPieces(IdRange range, ImmutableArray<IdRange>.Builder into, int taken)
    {
        if (range.Count == 0)
        {
            return;
        }

        for (int i = 0; i < taken; i++)
        {
            IdRange other = into[i];
            if (!other.Overlaps(range))
            {
                continue;
            }

            if (range.Start < other.Start)
            {
                AddPieces(range with { Count = other.Start - range.Start }, into, taken);
            }

            if (range.End > other.End)
            {
                AddPieces(new IdRange((uint)other.End, (uint)(range.End - other.End)), into, taken);
            }

            return;
        }

        into.Add(range);
    }
}
