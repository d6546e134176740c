using System.Text;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary>A translation as a table, with what it means for reading and writing.</summary>
internal static class TranslationText
{
    private static readonly string[] s_heads = ["on disk", "as mounted", "on the host", "in the container"];

    internal static string Describe(Translation translation)
    {
        StringBuilder text = new();
        if (translation.Path is { } path)
        {
            text.Append(Printable.Of(path)).Append('\n');
        }

        text.Append($"{"",-5}");
        foreach (string head in s_heads)
        {
            text.Append("  ").Append($"{head,10}");
        }

        text.Append('\n');
        foreach (IdWay way in translation.Ways)
        {
            text.Append($"{Kind(way),-5}");
            uint?[] places = [way.Disk, way.Mount, way.Host, way.Container];
            for (int i = 0; i < places.Length; i++)
            {
                text.Append("  ").Append((places[i]?.ToString() ?? (i == 0 && translation.MountUnknown ? "?" : "-")).PadLeft(Math.Max(10, s_heads[i].Length)));
            }

            text.Append('\n');
        }

        text.Append($"the mount's map: {Map(translation)}\nthe container's map ({translation.ContainerName}): {Container(translation)}\n");
        foreach (string consequence in Consequences(translation))
        {
            text.Append(consequence).Append('\n');
        }

        return text.ToString();
    }

    internal static string Kind(IdWay way) => way.IsGroup ? "group" : "user";

    /// <summary>The mount's map in a few words.</summary>
    internal static string Map(Translation translation) => translation.MountUnknown
        ? $"the kernel does not tell it (Linux 6.15 would; this is {Environment.OSVersion.Version}): --map-mount MAP says it"
        : translation.Mount is { } map ? MountMapNotation.Write(map) : "none, each ID is itself";

    /// <summary>The container's map in a few words.</summary>
    internal static string Container(Translation translation) => translation.Container.Uid.Equals(translation.Container.Gid)
        ? Short(translation.Container.Uid)
        : $"users {Short(translation.Container.Uid)}; groups {Short(translation.Container.Gid)}";

    private static string Short(IdMap map) => map.IsEmpty ? "empty" : map.Abbreviated();

    /// <summary>What follows where the way has a hole.</summary>
    internal static IEnumerable<string> Consequences(Translation translation)
    {
        foreach (IdWay way in translation.Ways)
        {
            string id = $"{Kind(way)} {way.Id}";
            if (way.From == IdPlace.Container && way.Host is null)
            {
                yield return $"{id} is not in the container's map: no process there can have it, no file can be given to it (EINVAL)";
                continue;
            }

            if (way.From == IdPlace.Disk && way.Mount is null)
            {
                yield return $"{id} on disk is not in the mount's map: such a file shows as {IdWay.Overflow} (nobody), and nobody can write to it, root neither (EACCES)";
                continue;
            }

            if (way.Disk is null && !translation.MountUnknown)
            {
                yield return $"{Kind(way)} {way.Host} has no ID on disk in the mount's map: who makes a file there with it gets EOVERFLOW (Value too large for defined data type)";
            }

            if (way.Container is null)
            {
                yield return $"{Kind(way)} {way.Host} of the host is not in the container's map: inside it shows as {IdWay.Overflow} (nobody)";
            }
        }
    }
}
