using System.Text;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary>A translation as a drawing: the mount translates one way, the user namespace back.</summary>
internal static class TranslationDrawing
{
    internal static string Draw(Translation translation)
    {
        string[] heads = ["on disk", "as mounted, on the host", "in the container"];
        string[] arrows =
        [
            translation.MountUnknown ? "?" : translation.Mount is { } map ? MountMapNotation.Write(map) : "no map",
            Short(translation),
        ];
        int[] boxes = [.. heads.Select((head, i) => Math.Max(head.Length, translation.Ways.Max(w => Cell(w, i, translation).Length)) + 2)];
        int[] gaps = [Math.Max("the mount's map".Length, arrows[0].Length) + 2, Math.Max("the user namespace".Length, arrows[1].Length) + 2];
        StringBuilder text = new();
        if (translation.Path is { } path)
        {
            text.Append(Printable.Of(path)).Append('\n');
        }

        Line(text, "", heads.Select((h, i) => Center(h, boxes[i] + 2)), ["the mount's map", "the user namespace"], gaps);
        Line(text, "", boxes.Select(w => $"┌{new string('─', w)}┐"), arrows, gaps);
        foreach (IdWay way in translation.Ways)
        {
            string[] cells = [.. boxes.Select((w, i) => $"│{Center(Cell(way, i, translation), w)}│")];
            Line(text, TranslationText.Kind(way), cells, [Arrow(gaps[0], reading: true), Arrow(gaps[1], reading: true)], gaps, "  reading");
            Line(text, "", boxes.Select(w => $"│{new string(' ', w)}│"), [Arrow(gaps[0], reading: false), Arrow(gaps[1], reading: false)], gaps, "  writing");
        }

        Line(text, "", boxes.Select(w => $"└{new string('─', w)}┘"), ["", ""], gaps);
        foreach (string consequence in TranslationText.Consequences(translation))
        {
            text.Append(consequence).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(IdWay way, int place, Translation translation) => place switch
    {
        0 => way.Disk?.ToString() ?? (translation.MountUnknown ? "?" : "-"),
        1 => way.Host?.ToString() ?? $"{IdWay.Overflow} (nobody)",
        _ => way.Container?.ToString() ?? $"{IdWay.Overflow} (nobody)",
    };

    private static string Short(Translation translation) => translation.Container.Uid is { IsEmpty: false } uid
        ? new IdMap(uid.Mappings[..Math.Min(2, uid.Mappings.Length)]) + (uid.Mappings.Length > 2 || !uid.Equals(translation.Container.Gid) ? ",..." : "")
        : "empty";

    private static string Arrow(int width, bool reading) => reading ? new string('─', width - 3) + "▶" : "◀" + new string('─', width - 3);

    private static void Line(StringBuilder text, string kind, IEnumerable<string> boxes, string[] between, int[] gaps, string after = "")
    {
        string line = $"{kind,-6}";
        int i = 0;
        foreach (string box in boxes)
        {
            line += box;
            line += i < between.Length ? Center(between[i], gaps[i]) : "";
            i++;
        }

        text.Append((line + after).TrimEnd()).Append('\n');
    }

    private static string Center(string text, int width)
    {
        int left = Math.Max(0, (width - text.Length) / 2);
        return (new string(' ', left) + text).PadRight(width);
    }
}
