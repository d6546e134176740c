using System.Globalization;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Drawing;

/// <summary>An ID map as bands between the container's IDs and the host's.</summary>
public static class MapDrawing
{
    private const int ListedLines = 12;

    /// <summary>Draws it; 360 units wide. A line of one ID, which often is the caller's own, is thin; a large range is thick, by its logarithm.</summary>
    /// <param name="name"><c>uid_map</c> or <c>gid_map</c>.</param>
    /// <param name="map">The map.</param>
    /// <param name="own">The caller's own ID on the host, marked where it is mapped.</param>
    public static string Draw(string name, IdMap map, uint own)
    {
        const double Width = 360, Left = 112, Right = 206, Top = 62;
        SvgCanvas canvas = new();
        canvas.Text(14, 24, name, "head2");
        canvas.Text(14, 48, "in the container", "note");
        canvas.Text(Width - 14, 48, "on the host", "note", "end");
        double y = Top;
        if (map.IsEmpty)
        {
            canvas.Text(14, y + 20, "empty: every ID is nobody's (65534)", "note bad");
            y += 34;
        }

        foreach (IdMapping m in map.Mappings.Take(ListedLines))
        {
            double height = 20 + 6 * Math.Log10(Math.Max(1, m.Size));
            bool isOwn = own >= m.HostId && own - m.HostId < m.Size && m.Size == 1;
            canvas.Band(Left, y, height, Right, y, height, isOwn ? "band own" : "band");
            canvas.Fixed(Left - 8, y + height / 2 + 5, IdWayPicture.Range(m.ContainerId, m.Size), "number", 13, Left - 20, "end");
            canvas.Fixed(Right + 8, y + height / 2 + 5, IdWayPicture.Range(m.HostId, m.Size), "number", 13, Width - Right - 20, "start");
            canvas.Fixed((Left + Right) / 2, y + height / 2 + 4, isOwn ? "you" : string.Create(CultureInfo.InvariantCulture, $"{m.Size}"), "", 11, Right - Left - 12);
            y += height + 8;
        }

        if (map.Mappings.Length > ListedLines)
        {
            canvas.Text(14, y + 16, $"and {map.Mappings.Length - ListedLines} lines more", "note");
            y += 26;
        }

        return canvas.Document(Width, y + 6, $"{name}: {map.Abbreviated()} (container, host, how many)", "map", null);
    }
}
