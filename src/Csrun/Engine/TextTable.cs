using System.Text;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>Rows of text in columns, as wide as the longest of each.</summary>
internal static class TextTable
{
    /// <summary>Sets the rows; no control character of a name or command line reaches the terminal.</summary>
    /// <param name="rows">The rows, titles first, all of the same length.</param>
    /// <param name="gap">Spaces between two columns, at the least.</param>
    /// <param name="least">How wide a column is at the least, the gap with it.</param>
    internal static string Of(IReadOnlyList<string[]> rows, int gap = 2, int least = 0)
    {
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = Printable.Of(row[i]);
                widths[i] = Math.Max(widths[i], Math.Max(least, row[i].Length + gap));
            }
        }

        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length - 1; i++)
            {
                text.Append(row[i].PadRight(widths[i]));
            }

            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }
}
