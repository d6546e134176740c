using System.Text;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>Rows of text in columns, two spaces apart.</summary>
internal static class TextTable
{
    /// <summary>Sets the rows; no control character of a name or command line reaches the terminal.</summary>
    internal static string Of(IReadOnlyList<string[]> rows)
    {
        int[] widths = new int[rows.Max(r => r.Length)];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = Printable.Of(row[i]);
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length - 1; i++)
            {
                text.Append(row[i].PadRight(widths[i] + 2));
            }

            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }
}
