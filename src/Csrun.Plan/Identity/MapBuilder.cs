using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>Lays ranges of host IDs out as a container's IDs.</summary>
internal static class MapBuilder
{
    /// <summary>Container 0.. are the ranges, one after the other.</summary>
    public static IdMap From(ImmutableArray<IdRange> ranges) => Lay(ranges, null, 0);

    /// <summary>Container <paramref name="containerId"/> is the caller; all others are the ranges, one after the other, below and above it.</summary>
    public static IdMap Around(ImmutableArray<IdRange> ranges, uint containerId, uint callerId) => Lay(ranges, containerId, callerId);

    private static IdMap Lay(ImmutableArray<IdRange> ranges, uint? hole, uint callerId)
    {
        ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>(ranges.Length + 2);
        ulong next = 0;
        foreach (IdRange range in ranges)
        {
            IdRange rest = range;
            if (hole is uint below && next <= below && below < next + rest.Count)
            {
                uint count = (uint)(below - next);
                Add(mappings, next, new IdRange(rest.Start, count));
                mappings.Add(new IdMapping(below, callerId, 1));
                rest = new IdRange(rest.Start + count, rest.Count - count);
                next = (ulong)below + 1;
                hole = null;
            }

            Add(mappings, next, rest);
            next += rest.Count;
        }

        // More IDs below the caller's than there are subordinate ones: the caller comes last, with a gap before it.
        if (hole is uint above)
        {
            mappings.Add(new IdMapping(above, callerId, 1));
        }

        return new IdMap(mappings.DrainToImmutable());
    }

    private static void Add(ImmutableArray<IdMapping>.Builder mappings, ulong containerId, IdRange range)
    {
        // The last container ID is 4294967294: what does not fit below it is left out.
        if (range.Count != 0 && containerId < uint.MaxValue)
        {
            mappings.Add(new IdMapping((uint)containerId, range.Start, (uint)Math.Min(range.Count, uint.MaxValue - containerId)));
        }
    }
}
