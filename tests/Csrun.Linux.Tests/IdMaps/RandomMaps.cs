using System.Collections.Immutable;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

/// <summary>Random maps with a fixed seed. IDs stay below 64, so that overlaps, neighbours and holes are common and a brute-force model is cheap.</summary>
internal static class RandomMaps
{
    public const uint Space = 64;

    public static IdMap Any(Random random)
    {
        IdMapping[] mappings = new IdMapping[random.Next(0, 6)];
        for (int i = 0; i < mappings.Length; i++)
        {
            mappings[i] = new IdMapping((uint)random.Next(0, 48), (uint)random.Next(0, 48), (uint)random.Next(0, 16));
        }

        return new IdMap([.. mappings]);
    }

    /// <summary>A map that is one to one: both sides are cut into random pieces, which are paired at random.</summary>
    public static IdMap Valid(Random random)
    {
        while (true)
        {
            ImmutableArray<IdMapping>.Builder mappings = ImmutableArray.CreateBuilder<IdMapping>();
            int wanted = random.Next(1, 6);
            for (int tries = 0; tries < 200 && mappings.Count < wanted; tries++)
            {
                IdMapping next = new((uint)random.Next(0, 48), (uint)random.Next(0, 48), (uint)random.Next(1, 9));
                if (new IdMap([.. mappings, next]).Validate().Count == 0)
                {
                    mappings.Add(next);
                }
            }

            if (mappings.Count != 0)
            {
                return new IdMap(mappings.ToImmutable());
            }
        }
    }

    /// <summary>The model: container ID by container ID, without any arithmetic on ranges.</summary>
    public static Dictionary<uint, uint> Model(IdMap map)
    {
        Dictionary<uint, uint> model = [];
        foreach (IdMapping m in map.Mappings)
        {
            for (uint i = 0; i < m.Size; i++)
            {
                model.Add(m.ContainerId + i, m.HostId + i);
            }
        }

        return model;
    }
}
