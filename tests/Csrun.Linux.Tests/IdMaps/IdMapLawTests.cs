using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

public sealed class IdMapLawTests
{
    private const int Rounds = 2000;

    [Fact]
    public void Overlaps_are_found_exactly_where_a_brute_force_model_finds_them()
    {
        Random random = new(20261123);
        int valid = 0;
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Any(random);
            HashSet<uint> container = [], host = [];
            bool expected = !map.IsEmpty;
            foreach (IdMapping m in map.Mappings)
            {
                expected &= m.Size != 0;
                for (uint i = 0; i < m.Size; i++)
                {
                    expected &= container.Add(m.ContainerId + i);
                    expected &= host.Add(m.HostId + i);
                }
            }

            Assert.True(expected == (map.Validate().Count == 0), $"{map}: {string.Join("; ", map.Validate())}");
            valid += expected ? 1 : 0;
        }

        Assert.InRange(valid, Rounds / 20, Rounds - (Rounds / 20));
    }

    [Fact]
    public void Translation_agrees_with_the_model_and_is_undone_by_the_other_direction()
    {
        Random random = new(1);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random);
            Dictionary<uint, uint> model = RandomMaps.Model(map);
            for (uint id = 0; id < RandomMaps.Space; id++)
            {
                uint? host = map.ToHost(id);
                Assert.Equal(model.TryGetValue(id, out uint expected) ? expected : null, host);
                Assert.Equal(host is not null, map.ContainsContainer(id));
                if (host is uint there)
                {
                    Assert.Equal(id, map.ToContainer(there));
                }

                Assert.Equal(model.ContainsValue(id), map.ContainsHost(id));
            }
        }
    }

    [Fact]
    public void Many_lines_are_looked_up_as_few_are()
    {
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            // 340 lines of odd lengths, in any order on both sides, with holes.
            int[] order = [.. Enumerable.Range(0, IdMap.MaxExtents)];
            random.Shuffle(order);
            IdMapping[] lines = [.. order.Select((host, i) => new IdMapping((uint)(i * 11), (uint)(host * 9) + 5000, (uint)random.Next(1, 9)))];
            random.Shuffle(lines);
            IdMap map = new([.. lines]);
            Dictionary<uint, uint> model = RandomMaps.Model(map);
            Dictionary<uint, uint> reverse = model.ToDictionary(p => p.Value, p => p.Key);
            for (uint id = 0; id < 9000; id++)
            {
                Assert.Equal(model.TryGetValue(id, out uint host) ? host : null, map.ToHost(id));
                Assert.Equal(reverse.TryGetValue(id, out uint inside) ? inside : null, map.ToContainer(id));
            }
        }
    }

    [Fact]
    public void Host_ids_that_a_caller_does_not_own_are_found_one_by_one()
    {
        Random random = new(10);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random);
            IdRange[] owned = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => new IdRange((uint)random.Next(0, 60), (uint)random.Next(0, 20)))];
            HashSet<uint> outside = [.. map.HostIdsOutside([.. owned]).SelectMany(r => Enumerable.Range((int)r.Start, (int)r.Count)).Select(i => (uint)i)];
            for (uint id = 0; id < 100; id++)
            {
                Assert.Equal(map.ContainsHost(id) && !owned.Any(r => r.Contains(id)), outside.Contains(id));
            }
        }
    }

    [Fact]
    public void Cut_pieces_mean_the_same_and_lie_within_one_line_each()
    {
        Random random = new(9);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random), outer = RandomMaps.Valid(random);
            IdMap cut = map.CutAt(outer);
            for (uint id = 0; id < RandomMaps.Space; id++)
            {
                Assert.Equal(map.ToHost(id) is uint host && outer.ContainsContainer(host) ? host : null, cut.ToHost(id));
            }

            Assert.All(cut.Mappings, m => Assert.Contains(outer.Mappings, o => m.HostId >= o.ContainerId && m.HostId + m.Size <= o.ContainerId + o.Size));
        }
    }

    [Fact]
    public void Holes_are_exactly_the_ids_without_a_host_id()
    {
        Random random = new(8);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random);
            IdRange within = new((uint)random.Next(0, 40), (uint)random.Next(0, 40));
            HashSet<uint> holes = [.. map.Holes(within).SelectMany(r => Enumerable.Range((int)r.Start, (int)r.Count)).Select(i => (uint)i)];
            for (uint id = 0; id < 100; id++)
            {
                Assert.Equal(within.Contains(id) && map.ToHost(id) is null, holes.Contains(id));
            }
        }
    }

    [Fact]
    public void Invert_swaps_the_directions_and_twice_is_nothing()
    {
        Random random = new(2);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random);
            IdMap inverse = map.Invert();
            Assert.Equal(map, inverse.Invert());
            for (uint id = 0; id < RandomMaps.Space; id++)
            {
                Assert.Equal(map.ToContainer(id), inverse.ToHost(id));
            }
        }
    }

    [Fact]
    public void Compose_translates_through_both_maps()
    {
        Random random = new(3);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap inner = RandomMaps.Valid(random), outer = RandomMaps.Valid(random);
            IdMap both = inner.Compose(outer);
            for (uint id = 0; id < RandomMaps.Space; id++)
            {
                uint? expected = inner.ToHost(id) is uint between ? outer.ToHost(between) : null;
                Assert.Equal(expected, both.ToHost(id));
            }
        }
    }

    [Fact]
    public void Compose_is_associative_has_the_identity_and_the_inverse()
    {
        Random random = new(4);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap a = RandomMaps.Valid(random), b = RandomMaps.Valid(random), c = RandomMaps.Valid(random);
            Assert.Equal(a.Compose(b).Compose(c), a.Compose(b.Compose(c)));
            Assert.Equal(a.Normalize(), a.Compose(IdMap.Identity));
            Assert.Equal(a.Normalize(), IdMap.Identity.Compose(a));
            foreach (IdMapping m in a.Compose(a.Invert()).Mappings)
            {
                Assert.Equal(m.ContainerId, m.HostId);
            }
        }
    }

    [Fact]
    public void Normalize_keeps_the_meaning_and_is_one_form_for_all_spellings()
    {
        Random random = new(5);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Valid(random);
            IdMap normal = map.Normalize();
            Assert.Equal(RandomMaps.Model(map), RandomMaps.Model(normal));
            Assert.Equal(normal, normal.Normalize());

            // Another spelling: one line for each ID, in another order.
            IdMapping[] single = RandomMaps.Model(map).Select(p => new IdMapping(p.Key, p.Value, 1)).ToArray();
            random.Shuffle(single);
            Assert.Equal(normal, new IdMap([.. single]).Normalize());
            Assert.Equal(new IdMapPair(map, map).MapKey(), new IdMapPair(new IdMap([.. single]), new IdMap([.. single])).MapKey());
        }
    }

    [Fact]
    public void Text_forms_are_read_back_as_they_were_written()
    {
        Random random = new(6);
        for (int round = 0; round < Rounds; round++)
        {
            IdMap map = RandomMaps.Any(random);
            Assert.Equal(map, IdMap.ParseProcFile(map.ToProcFile()));
            Assert.Equal(map, IdMap.ParseProcFile(map.ToWriteText()));
            if (!map.IsEmpty)
            {
                Assert.Equal(map, IdMap.Parse(map.ToString()));
            }
        }
    }
}
