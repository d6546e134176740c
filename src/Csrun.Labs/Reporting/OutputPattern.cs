namespace Csrun.Labs.Reporting;

/// <summary>What a command should print.</summary>
/// <remarks>
/// Line for line, word for word; how many blanks part two words does not matter. In a word <c>*</c> stands for any characters,
/// a word <c>...</c> at the end of a line for the rest of that line, a line <c>...</c> for any lines or none.
/// </remarks>
internal sealed class OutputPattern
{
    private readonly string[] _lines;

    internal OutputPattern(string pattern) => _lines = Lines(pattern);

    /// <summary>Lays the output beside the pattern so that as little as possible differs.</summary>
    /// <returns>Every line of the output, and every line that should have been in it.</returns>
    internal IReadOnlyList<DiffLine> Compare(string output)
    {
        string[] actual = Lines(output);
        int[,] cost = Costs(actual);
        List<DiffLine> diff = [];
        int i = 0, j = 0;
        while (i < _lines.Length || j < actual.Length)
        {
            bool gap = i < _lines.Length && _lines[i] == "...";
            if (gap && cost[i, j] == cost[i + 1, j])
            {
                i++;
            }
            else if (j < actual.Length && gap && cost[i, j] == cost[i, j + 1])
            {
                diff.Add(new DiffLine(DiffKind.Same, actual[j++]));
            }
            else if (i < _lines.Length && j < actual.Length && !gap && Matches(_lines[i], actual[j]) && cost[i, j] == cost[i + 1, j + 1])
            {
                diff.Add(new DiffLine(DiffKind.Same, actual[j++]));
                i++;
            }
            else if (i < _lines.Length && !gap && cost[i, j] == cost[i + 1, j] + 1)
            {
                diff.Add(new DiffLine(DiffKind.Missing, _lines[i++]));
            }
            else
            {
                diff.Add(new DiffLine(DiffKind.Unexpected, actual[j++]));
            }
        }

        return diff;
    }

    /// <summary>Whether one line of output is what a line of the pattern says.</summary>
    internal static bool Matches(string pattern, string line)
    {
        string[] expected = Words(pattern), actual = Words(line);
        if (expected is [.., "..."])
        {
            expected = expected[..^1];
            if (actual.Length < expected.Length)
            {
                return false;
            }

            actual = actual[..expected.Length];
        }

        if (expected.Length != actual.Length)
        {
            return false;
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!WordMatches(expected[i], actual[i]))
            {
                return false;
            }
        }

        return true;
    }

    // cost[i, j]: how many lines differ when the pattern from line i on is laid beside the output from line j on.
    private int[,] Costs(string[] actual)
    {
        int[,] cost = new int[_lines.Length + 1, actual.Length + 1];
        for (int i = _lines.Length; i >= 0; i--)
        {
            for (int j = actual.Length; j >= 0; j--)
            {
                cost[i, j] = Cost(actual, cost, i, j);
            }
        }

        return cost;
    }

    private int Cost(string[] actual, int[,] cost, int i, int j)
    {
        if (i == _lines.Length)
        {
            return actual.Length - j;
        }

        bool gap = _lines[i] == "...", more = j < actual.Length;
        int best = cost[i + 1, j] + (gap ? 0 : 1);
        if (more)
        {
            best = Math.Min(best, cost[i, j + 1] + (gap ? 0 : 1));
            if (!gap && Matches(_lines[i], actual[j]))
            {
                best = Math.Min(best, cost[i + 1, j + 1]);
            }
        }

        return best;
    }

    private static bool WordMatches(string pattern, string word)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == word;
        }

        if (!word.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        int at = parts[0].Length;
        for (int i = 1; i < parts.Length - 1; i++)
        {
            int found = word.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + parts[i].Length;
        }

        return word.Length - parts[^1].Length >= at && word.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private static string[] Words(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
}
