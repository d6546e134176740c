using BenchmarkDotNet.Attributes;
using Csrun.Linux.IdMaps;

namespace Csrun.Benchmarks;

/// <summary>A million IDs through a map, in both directions.</summary>
public class TranslationBenchmark
{
    private const int Ids = 1_000_000;

    private IdMap _map = IdMap.Empty;

    /// <summary>How many lines the map has: the usual two, and as many as the kernel takes.</summary>
    [Params(2, IdMap.MaxExtents)]
    public int Extents { get; set; }

    /// <summary>Makes the map.</summary>
    [GlobalSetup]
    public void Make()
    {
        uint size = (uint)(Ids / Extents);
        // Against the order of container IDs, so that the two directions do not look alike.
        _map = new IdMap([.. Enumerable.Range(0, Extents).Select(i => new IdMapping((uint)i * size, 100_000_000 - ((uint)i * size), size))]);
    }

    /// <summary>Container to host.</summary>
    [Benchmark]
    public ulong ToHost()
    {
        ulong sum = 0;
        for (uint id = 0; id < Ids; id++)
        {
            sum += _map.ToHost(id) ?? 0;
        }

        return sum;
    }

    /// <summary>Host to container.</summary>
    [Benchmark]
    public ulong ToContainer()
    {
        ulong sum = 0;
        for (uint id = 0; id < Ids; id++)
        {
            sum += _map.ToContainer(100_000_000 - id) ?? 0;
        }

        return sum;
    }
}
