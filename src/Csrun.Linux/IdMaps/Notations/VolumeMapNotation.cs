using System.Collections.Immutable;

namespace Csrun.Linux.IdMaps.Notations;

/// <summary>The ID map of a volume as podman and crun write it: <c>uids=0-1000-1#@1-1-10;gids=0-1000-1</c>.</summary>
/// <param name="Uids">Ranges of users.</param>
/// <param name="Gids">Ranges of groups.</param>
/// <remarks>crun(1), "IDMAPPED MOUNTS": ID on disk, ID of the host, how many; with <c>@</c> the second number is an ID of the
/// container. <c>#</c> parts ranges.</remarks>
public sealed record VolumeMapNotation(ImmutableArray<VolumeMapRange> Uids, ImmutableArray<VolumeMapRange> Gids)
{
    /// <summary>Whether a range counts in the container, so that <see cref="Resolve"/> needs the container's maps.</summary>
    public bool IsRelative => Uids.Any(r => r.Relative) || Gids.Any(r => r.Relative);

    /// <summary>Reads the notation.</summary>
    /// <param name="text">What follows <c>idmap=</c>.</param>
    /// <param name="mistakes">Takes every mistake.</param>
    /// <returns>The map, of which nothing may be used where there are mistakes.</returns>
    public static VolumeMapNotation Parse(string text, List<string> mistakes)
    {
        ImmutableArray<VolumeMapRange>? uids = null, gids = null;
        foreach (string part in text.Split(';'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string kind = equals < 0 ? part : part[..equals];
            if (kind is not ("uids" or "gids") || equals < 0 || equals == part.Length - 1)
            {
                mistakes.Add($"\"{part}\" is no part of an ID map: uids=C-H-N or gids=C-H-N (on disk, on the host, how many)");
                continue;
            }

            if ((kind == "uids" ? uids : gids) is not null)
            {
                mistakes.Add($"{kind} is given twice; # joins several ranges: {kind}=0-1000-1#1-100000-10");
                continue;
            }

            ImmutableArray<VolumeMapRange> ranges = Ranges(part[(equals + 1)..], mistakes);
            if (kind == "uids")
            {
                uids = ranges;
            }
            else
            {
                gids = ranges;
            }
        }

        return new VolumeMapNotation(uids ?? [], gids ?? []);
    }

    /// <summary>The map in IDs of the host; a range that counts in the container is cut where the container's map is.</summary>
    /// <param name="container">The container's own maps.</param>
    /// <param name="mistakes">Takes every ID that the container has not.</param>
    public IdMapPair Resolve(IdMapPair container, List<string> mistakes) =>
        new(Absolute(Uids, container.Uid, "user", mistakes), Absolute(Gids, container.Gid, "group", mistakes));

    private static IdMap Absolute(ImmutableArray<VolumeMapRange> ranges, IdMap container, string kind, List<string> mistakes)
    {
        ImmutableArray<IdMapping>.Builder absolute = ImmutableArray.CreateBuilder<IdMapping>(ranges.Length);
        foreach (VolumeMapRange range in ranges)
        {
            if (!range.Relative)
            {
                absolute.Add(range.Mapping);
                continue;
            }

            IdMap pieces = new IdMap(range.Mapping).Compose(container);
            if (pieces.Count != range.Mapping.Size)
            {
                IdMapping m = range.Mapping;
                uint? missing = container.Holes(new IdRange(m.HostId, m.Size)) is [IdRange first, ..] ? first.Start : null;
                mistakes.Add($"\"@{m.ContainerId}-{m.HostId}-{m.Size}\": the container has no {kind} {missing}: its map is {container.Abbreviated()}");
            }

            absolute.AddRange(pieces.Mappings);
        }

        return new IdMap(absolute.DrainToImmutable());
    }

    private static ImmutableArray<VolumeMapRange> Ranges(string text, List<string> mistakes)
    {
        ImmutableArray<VolumeMapRange>.Builder found = ImmutableArray.CreateBuilder<VolumeMapRange>();
        foreach (string range in text.Split('#'))
        {
            bool relative = range.StartsWith('@');
            string[] numbers = (relative ? range[1..] : range).Split('-');
            if (numbers.Length != 3)
            {
                mistakes.Add($"\"{range}\" is no range: three numbers C-H-N (on disk, on the host, how many)");
            }
            else if (TripleReader.TryRead(range, numbers, "on-disk ID", relative ? "container ID" : "host ID", mistakes, out IdMapping mapping))
            {
                found.Add(new VolumeMapRange(mapping, relative));
            }
        }

        return found.DrainToImmutable();
    }
}
