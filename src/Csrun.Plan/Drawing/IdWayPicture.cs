using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Drawing;

/// <summary>What a drawing of an ID's way shows.</summary>
/// <param name="Title">What is followed: a file, an ID, a container.</param>
/// <param name="Ways">The IDs.</param>
/// <param name="MountMap">The lines under the mount: its map, or what is said in a map's place.</param>
/// <param name="ContainerMap">The lines under the user namespace.</param>
/// <param name="DiskUnknown">Whether the ID on disk is not known.</param>
/// <param name="Consequences">What follows where the way has a hole, a sentence each.</param>
public sealed record IdWayPicture(string Title, IReadOnlyList<IdWay> Ways, IReadOnlyList<string> MountMap, IReadOnlyList<string> ContainerMap, bool DiskUnknown, IReadOnlyList<string> Consequences)
{
    private const int ListedLines = 3;
    private const int LongestLine = 28;

    /// <summary>A map as lines for people: ranges with an arrow, few of them.</summary>
    /// <param name="uid">The user map.</param>
    /// <param name="gid">The group map.</param>
    public static IReadOnlyList<string> Lines(IdMap uid, IdMap gid)
    {
        if (uid.Equals(gid))
        {
            return Lines(uid, "");
        }

        return [.. Lines(uid, "u "), .. Lines(gid, "g ")];
    }

    private static List<string> Lines(IdMap map, string kind)
    {
        if (map.IsEmpty)
        {
            return [$"{kind}empty: everybody is nobody"];
        }

        if (map.Equals(IdMap.Identity))
        {
            return [$"{kind}each ID is itself"];
        }

        List<string> lines = [];
        foreach (IdMapping m in map.Mappings.Take(ListedLines))
        {
            (string from, string to) = (kind + Range(m.ContainerId, m.Size), $"↔ {Range(m.HostId, m.Size)}");
            lines.AddRange(from.Length + to.Length < LongestLine ? [$"{from} {to}"] : [from, to]);
        }

        if (map.Mappings.Length > ListedLines)
        {
            lines.Add($"{kind}and {map.Mappings.Length - ListedLines} lines more");
        }

        return lines;
    }

    /// <summary>A range of IDs: the first and the last.</summary>
    public static string Range(uint first, uint size) => size <= 1 ? $"{first}" : $"{first}–{(ulong)first + size - 1}";
}
