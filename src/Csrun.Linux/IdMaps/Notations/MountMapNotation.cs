using System.Collections.Immutable;

namespace Csrun.Linux.IdMaps.Notations;

/// <summary>The ID map of a mount as mount-idmapped and mount(8)'s X-mount.idmap write it: <c>b:0:100000:65536</c>.</summary>
/// <remarks>b is for users and groups, u for users, g for groups, none the same as b; then the ID on disk, the ID that the mount shows, how many.</remarks>
public static class MountMapNotation
{
    /// <summary>Reads all values of an option as one map.</summary>
    /// <param name="texts">The values; each one entry, or several parted by blanks or commas.</param>
    /// <param name="unchanged">What users hold who are not named at all, and groups likewise: the IDs that exist in csrun's own user namespace, each itself.</param>
    /// <param name="option">The option, for messages.</param>
    /// <exception cref="CsrunException">Lists every mistake.</exception>
    public static IdMapPair Parse(IReadOnlyList<string> texts, IdMapPair unchanged, string option = "--map-mount")
    {
        ImmutableArray<IdMapping>.Builder uids = ImmutableArray.CreateBuilder<IdMapping>(), gids = ImmutableArray.CreateBuilder<IdMapping>();
        List<string> mistakes = [];
        foreach (string text in texts)
        {
            foreach (string entry in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
            {
                Add(entry, uids, gids, mistakes);
            }
        }

        if (uids.Count + gids.Count == 0 && mistakes.Count == 0)
        {
            mistakes.Add("the map is empty");
        }

        IdMapPair maps = new(new IdMap(uids.DrainToImmutable()), new IdMap(gids.DrainToImmutable()));
        if (mistakes.Count == 0)
        {
            Check(maps.Uid, "user", mistakes);
            Check(maps.Gid, "group", mistakes);
        }

        if (mistakes.Count != 0)
        {
            throw new CsrunException(
                $"{option} {string.Join(' ', texts)}: {(mistakes.Count == 1 ? "not a valid map" : $"not a valid map, {mistakes.Count} mistakes")}",
                string.Join('\n', mistakes),
                $"{option} TYPE:DISK:SHOWN:COUNT, such as b:0:100000:65536: what is ID 0 on disk shows as 100000");
        }

        return new IdMapPair(maps.Uid.IsEmpty ? unchanged.Uid : maps.Uid, maps.Gid.IsEmpty ? unchanged.Gid : maps.Gid);
    }

    /// <summary>The map in this notation: <c>b:</c> for what users and groups have in common, in the map's order.</summary>
    public static string Write(IdMapPair maps) => maps.Uid.Equals(maps.Gid)
        ? string.Join(' ', maps.Uid.Mappings.Select(m => $"b:{m}"))
        : string.Join(' ', [.. maps.Uid.Mappings.Select(m => $"u:{m}"), .. maps.Gid.Mappings.Select(m => $"g:{m}")]);

    private static void Check(IdMap map, string kind, List<string> mistakes)
    {
        if (map.IsEmpty)
        {
            return;
        }

        foreach (string problem in map.Validate("on-disk", "shown"))
        {
            mistakes.Add($"{kind} IDs: {problem}");
        }
    }

    private static void Add(string entry, ImmutableArray<IdMapping>.Builder uids, ImmutableArray<IdMapping>.Builder gids, List<string> mistakes)
    {
        string[] fields = entry.Split(':');
        bool typed = fields.Length == 4;
        bool letter = fields[0] is "b" or "u" or "g";
        if (fields.Length is not (3 or 4) || typed != letter)
        {
            mistakes.Add(typed
                ? $"\"{entry}\" starts with \"{fields[0]}\": the types are b (both), u (users) and g (groups)"
                : $"\"{entry}\" is not of the form TYPE:DISK:SHOWN:COUNT");
            return;
        }

        ReadOnlySpan<string> numbers = fields.AsSpan(typed ? 1 : 0);
        if (!TripleReader.TryRead(entry, numbers, "on-disk ID", "shown ID", mistakes, out IdMapping mapping))
        {
            return;
        }

        if (!typed || fields[0] is "b" or "u")
        {
            uids.Add(mapping);
        }

        if (!typed || fields[0] is "b" or "g")
        {
            gids.Add(mapping);
        }
    }
}
