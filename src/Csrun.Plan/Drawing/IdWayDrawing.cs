using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Drawing;

/// <summary>The way of IDs from disk to container as a bridge: up through the mount, down through the user namespace. The two
/// translations are opposite (part 51 of LXC's introduction at gihyo.jp, figure 1): where their maps are the same one, what
/// the container sees is what is on disk.</summary>
public static class IdWayDrawing
{
    private const double RowHeight = 34;
    private const double HeadHeight = 58;
    private const double Width = 920;
    private static readonly string[] s_places = ["on disk", "on the host", "in the container"];
    private static readonly string[] s_gates = ["the mount", "the user namespace"];

    /// <summary>From left to right, one below the other; 920 units wide.</summary>
    /// <param name="pictures">What to show.</param>
    /// <param name="style">A style sheet, where the drawing stands alone.</param>
    public static string Wide(IReadOnlyList<IdWayPicture> pictures, string? style)
    {
        SvgCanvas canvas = new();
        double height = 0;
        foreach (IdWayPicture picture in pictures)
        {
            height += Bridge(canvas, picture, height);
        }

        SvgCanvas sheet = new();
        if (style is not null)
        {
            sheet.Box(0, 0, Width, height, "paper", 0);
        }

        sheet.Add(canvas);
        return sheet.Document(Width, height, string.Join(". ", pictures.Select(Spoken)), "way wide", style);
    }

    private static double Bridge(SvgCanvas canvas, IdWayPicture picture, double offset)
    {
        const double BoxWidth = 210, Raised = 66;
        double top = offset + 62;
        double boxHeight = HeadHeight + RowHeight * picture.Ways.Count;
        double[] x = [20, (Width - BoxWidth) / 2, Width - 20 - BoxWidth];
        double[] y = [top + Raised, top, top + Raised];
        List<string> consequences = [.. picture.Consequences.SelectMany(c => Wrap(c, 118))];
        int lines = Math.Max(picture.MountMap.Count, picture.ContainerMap.Count);
        double cardTop = top + boxHeight + 34;
        double bottom = Math.Max(cardTop + 40 + lines * 19, top + Raised + boxHeight);
        canvas.Text(20, offset + 34, Markup.Short(picture.Title, 76), "head1");
        for (int place = 0; place < 3; place++)
        {
            Place(canvas, picture, place, x[place], y[place], BoxWidth, boxHeight);
        }

        // Up on the left side, down on the right one; reading above writing.
        const double Gap = 13;
        double low = y[0] + boxHeight * 0.42, high = y[1] + boxHeight * 0.42;
        canvas.Arrow(x[0] + BoxWidth + 6, low - Gap, x[1] - 6, high - Gap, "reading");
        canvas.Arrow(x[1] - 6, high + Gap, x[0] + BoxWidth + 6, low + Gap, "writing");
        canvas.Arrow(x[1] + BoxWidth + 6, high - Gap, x[2] - 6, low - Gap, "reading");
        canvas.Arrow(x[2] - 6, low + Gap, x[1] + BoxWidth + 6, high + Gap, "writing");
        // How far each translation moves an ID, where it moves all of them alike: the signs are opposite.
        canvas.Text((x[0] + BoxWidth + x[1]) / 2 - 14, (low + high) / 2 - Gap - 16, Distance(picture.Ways, w => (w.Disk, w.Host)), "says-reading", "end");
        canvas.Text((x[1] + BoxWidth + x[2]) / 2 + 14, (low + high) / 2 - Gap - 16, Distance(picture.Ways, w => (w.Host, w.Container)), "says-reading");
        double half = (x[2] - x[0] - BoxWidth - 40) / 2;
        for (int gate = 0; gate < 2; gate++)
        {
            Gate(canvas, picture, gate, x[0] + BoxWidth + 12 + gate * (half + 16), cardTop, half, lines);
        }

        double legend = bottom + 28;
        canvas.Text(20, legend, "→ reading (ls, stat): from disk to the container", "says-reading");
        canvas.Text(Width - 20, legend, "← writing (touch, chown): from the container to disk", "says-writing", "end");
        for (int i = 0; i < consequences.Count; i++)
        {
            canvas.Text(20, legend + 24 + i * 20, consequences[i], "note bad");
        }

        return legend + 22 + consequences.Count * 20 - offset;
    }

    /// <summary>From top to bottom, for a phone; 360 units wide.</summary>
    /// <param name="picture">What to show.</param>
    public static string Narrow(IdWayPicture picture)
    {
        const double NarrowWidth = 360, BoxWidth = 320, Left = 20, GateHeight = 50;
        SvgCanvas canvas = new();
        double boxHeight = HeadHeight - 14 + RowHeight * picture.Ways.Count;
        double y = 10;
        for (int place = 0; place < 3; place++)
        {
            Place(canvas, picture, place, Left, y, BoxWidth, boxHeight);
            y += boxHeight;
            if (place == 2)
            {
                break;
            }

            IReadOnlyList<string> map = place == 0 ? picture.MountMap : picture.ContainerMap;
            double gap = GateHeight + map.Count * 19;
            canvas.Arrow(Left + 34, y + 6, Left + 34, y + gap - 6, "reading");
            canvas.Arrow(Left + 56, y + gap - 6, Left + 56, y + 6, "writing");
            Gate(canvas, picture, place, Left + 78, y + 8, BoxWidth - 78, map.Count);
            y += gap;
        }

        canvas.Text(Left, y + 24, "↓ reading (ls, stat): from disk to the container", "says-reading");
        canvas.Text(Left, y + 44, "↑ writing (touch, chown): back to disk", "says-writing");
        y += 54;
        foreach (string line in picture.Consequences.SelectMany(c => Wrap(c, 46)))
        {
            y += 19;
            canvas.Text(Left, y, line, "note bad");
        }

        return canvas.Document(NarrowWidth, y + 12, Spoken(picture), "way narrow", null);
    }

    private static void Place(SvgCanvas canvas, IdWayPicture picture, int place, double x, double y, double width, double height)
    {
        canvas.Box(x, y, width, height, "place");
        canvas.Text(x + width / 2, y + 27, s_places[place], "head2", "middle");
        for (int i = 0; i < picture.Ways.Count; i++)
        {
            IdWay way = picture.Ways[i];
            double line = y + height - 18 - (picture.Ways.Count - 1 - i) * RowHeight;
            uint? id = place switch { 0 => way.Disk, 1 => way.Host, _ => way.Container };
            canvas.Text(x + 16, line, way.IsGroup ? "group" : "user", "note");
            if (id is { } number)
            {
                canvas.Fixed(x + width - 16, line, $"{number}", "number", 21, width - 74, "end");
            }
            else
            {
                canvas.Fixed(x + width - 16, line, place == 0 ? (picture.DiskUnknown ? "?" : "no ID") : $"{IdWay.Overflow} (nobody)", "bad", 15, width - 88, "end");
            }
        }
    }

    private static void Gate(SvgCanvas canvas, IdWayPicture picture, int gate, double x, double y, double width, int lines)
    {
        IReadOnlyList<string> map = gate == 0 ? picture.MountMap : picture.ContainerMap;
        canvas.Box(x, y, width, 30 + lines * 19 + 4, "gate", 8);
        canvas.Text(x + width / 2, y + 20, s_gates[gate], "head2", "middle");
        for (int i = 0; i < map.Count; i++)
        {
            canvas.Fixed(x + width / 2, y + 41 + i * 19, map[i], "", 13, width - 16);
        }
    }

    private static string Distance(IReadOnlyList<IdWay> ways, Func<IdWay, (uint? From, uint? To)> ends)
    {
        long?[] distances = [.. ways.Select(ends).Select(e => e.From is { } from && e.To is { } to ? (long)to - from : (long?)null).Distinct()];
        return distances is [{ } one] ? (one == 0 ? "±0" : one > 0 ? $"+{one}" : $"−{-one}") : "";
    }

    private static string Spoken(IdWayPicture picture) => $"{picture.Title}: " + string.Join("; ", picture.Ways.Select(w =>
        $"{(w.IsGroup ? "group" : "user")} {Say(w.Disk)} on disk, {Say(w.Host)} on the host, {Say(w.Container)} in the container"));

    private static string Say(uint? id) => id?.ToString() ?? "no ID";

    /// <summary>Breaks a sentence at spaces.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length != 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "    ";
            }

            line += line.Length == 0 || line == "    " ? word : " " + word;
        }

        yield return line;
    }
}
