namespace Csrun.Linux;

/// <summary>Finds the names that a mistyped one was probably meant to be, for the fix line of an error.</summary>
public static class CloseNames
{
    /// <summary>The candidates that differ from <paramref name="name"/> in few letters or contain it, closest first; at most <paramref name="limit"/>.</summary>
    /// <param name="name">What was typed; compared without regard to case.</param>
    /// <param name="candidates">What there is.</param>
    /// <param name="limit">How many to give at most.</param>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> candidates, int limit = 3)
    {
        // A third of the letters may be wrong: "nt_admin" finds net_admin, "foo" finds nothing.
        int allowed = Math.Max(1, name.Length / 3);
        List<(int Distance, string Name)> found = [];
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate);
            if (distance > allowed && name.Length >= 3 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                distance = allowed;
            }

            if (distance <= allowed)
            {
                found.Add((distance, candidate));
            }
        }

        found.Sort(static (a, b) => a.Distance != b.Distance
            ? a.Distance.CompareTo(b.Distance)
            : string.CompareOrdinal(a.Name, b.Name));
        List<string> names = [];
        for (int i = 0; i < found.Count && i < limit; i++)
        {
            names.Add(found[i].Name);
        }

        return names;
    }

    /// <summary>How many letters have to be put in, taken out, changed or swapped with their neighbour to make one name of the other; case does not count.</summary>
    /// <remarks>Damerau's distance: a swap is the commonest slip of the fingers, so "nmae" is one step from "name".</remarks>
    public static int Distance(string one, string other)
    {
        int[] before = new int[other.Length + 1];
        int[] last = new int[other.Length + 1];
        int[] row = new int[other.Length + 1];
        for (int j = 0; j <= other.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int change = Same(one[i - 1], other[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && Same(one[i - 1], other[j - 2]) && Same(one[i - 2], other[j - 1]))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[other.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
