using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

public sealed class IdRangesTests
{
    private static ImmutableArray<IdRange> Any(Random random)
    {
        IdRange[] ranges = new IdRange[random.Next(0, 6)];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = new IdRange((uint)random.Next(0, 50), (uint)random.Next(0, 12));
        }

        return [.. ranges];
    }

    private static IEnumerable<uint> Ids(ImmutableArray<IdRange> ranges) =>
        ranges.SelectMany(r => Enumerable.Range((int)r.Start, (int)r.Count).Select(i => (uint)i));

    [Fact]
    public void Distinct_keeps_every_id_once_in_the_order_of_the_ranges()
    {
        Random random = new(11);
        for (int round = 0; round < 2000; round++)
        {
            ImmutableArray<IdRange> ranges = Any(random);
            Assert.Equal(Ids(ranges).Distinct(), Ids(ranges.Distinct()));
            Assert.DoesNotContain(ranges.Distinct(), r => r.Count == 0);
        }
    }

    [Fact]
    public void The_first_id_outside_is_the_models()
    {
        Random random = new(12);
        for (int round = 0; round < 5000; round++)
        {
            ImmutableArray<IdRange> ranges = Any(random);
            IdRange wanted = new((uint)random.Next(0, 60), (uint)random.Next(0, 20));
            HashSet<uint> inside = [.. Ids(ranges)];
            uint? expected = Ids([wanted]).Where(i => !inside.Contains(i)).Select(i => (uint?)i).FirstOrDefault();
            Assert.Equal(expected, ranges.FirstOutside(wanted));
        }
    }

    [Fact]
    public void Within_keeps_what_the_namespace_has()
    {
        Random random = new(13);
        for (int round = 0; round < 2000; round++)
        {
            ImmutableArray<IdRange> ranges = Any(random).Distinct();
            IdMap map = RandomMaps.Valid(random);
            Assert.Equal(Ids(ranges).Where(map.ContainsContainer), Ids(ranges.Within(map)));
        }
    }

    [Fact]
    public void The_end_of_the_ids_is_no_special_case()
    {
        ImmutableArray<IdRange> all = [new(0, uint.MaxValue)];
        Assert.Null(all.FirstOutside(new(4294967290, 5)));
        Assert.Equal(4294967295u, all.FirstOutside(new(4294967290, 6)));
        Assert.Equal([new(0, uint.MaxValue)], all.Within(IdMap.Identity).ToArray());
        Assert.Equal("100000-165535, 5", ImmutableArray.Create<IdRange>(new(100000, 65536), new(5, 1)).Describe());
    }
}
