namespace Csrun.Images.Store;

/// <summary>Finds the name that someone meant.</summary>
internal static class NameDistance
{
    /// <summary>The closest of <paramref name="names"/>, or null when none is close.</summary>
    internal static string? Closest(string typed, IEnumerable<string> names)
    {
        string? closest = null;
        int best = Math.Max(1, typed.Length / 3) + 1;
        foreach (string name in names)
        {
            int distance = Between(typed, name);
            if (distance < best)
            {
                (closest, best) = (name, distance);
            }
        }

        return closest;
    }

    /// <summary>How many letters have to be put in, taken out, changed or swapped with their neighbour (optimal string alignment).</summary>
    internal static int Between(string a, string b)
    {
        int[] before = new int[b.Length + 1];
        int[] above = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            above[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, above[j] + 1), above[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, above, row) = (above, row, before);
        }

        return above[b.Length];
    }
}
