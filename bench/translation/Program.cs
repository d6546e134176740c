using System.Diagnostics;
using Csrun.Linux.IdMaps;

// A million IDs from disk to container, through a mount's map and a user namespace's, each of as many lines: milliseconds, the best of nine rounds.
const int Count = 1_000_000;
foreach (int lines in (int[])[1, 5, IdMap.MaxExtents])
{
    IdMapping[] forth = new IdMapping[lines];
    for (int i = 0; i < lines; i++)
    {
        // Lines of 100 IDs with a hole of 20 after each, in an order that is not sorted on either side.
        uint at = (uint)(i * 7919 % lines) * 120;
        forth[i] = new IdMapping(at, 1_000_000 + ((uint)i * 120), 100);
    }

    IdMap map = new([.. forth]);
    MountIds mount = new(new IdMapPair(map, map));
    IdMapPair container = new(map, map);
    uint[] ids = new uint[Count];
    Random random = new(1);
    for (int i = 0; i < Count; i++)
    {
        ids[i] = (uint)random.Next(lines * 120);
    }

    double best = double.MaxValue;
    long mapped = 0;
    for (int round = 0; round < 9; round++)
    {
        mapped = 0;
        Stopwatch watch = Stopwatch.StartNew();
        foreach (uint id in ids)
        {
            mapped += mount.ToVfs(new OnDiskUid(id)) is { } shown && container.ToContainer(shown.ToHost()) is not null ? 1 : 0;
        }

        best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
    }

    Console.WriteLine($"{lines} {best:0.0} {mapped}");
}
