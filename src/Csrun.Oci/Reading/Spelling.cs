namespace Csrun.Oci;

/// <summary>Finds the known word that a misspelt one was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The closest known word: another case, or one edit (two from seven letters on); null when none is close.</summary>
    internal static string? Closest(string word, IEnumerable<string> known)
    {
        // Long words are no typing mistakes, and the comparison is quadratic.
        if (word.Length is 0 or > 64)
        {
            return null;
        }

        string? best = null;
        int bestDistance = word.Length switch { < 3 => 1, < 7 => 2, _ => 3 };
        foreach (string candidate in known)
        {
            if (candidate.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }

            if (Math.Abs(candidate.Length - word.Length) < bestDistance)
            {
                int distance = Distance(word, candidate);
                if (distance < bestDistance)
                {
                    (best, bestDistance) = (candidate, distance);
                }
            }
        }

        return best;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) from one word to the other, without regard to case.</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                char x = char.ToLowerInvariant(a[i - 1]);
                char y = char.ToLowerInvariant(b[j - 1]);
                int cost = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (x == y ? 0 : 1));
                if (i > 1 && j > 1 && x == char.ToLowerInvariant(b[j - 2]) && y == char.ToLowerInvariant(a[i - 2]))
                {
                    cost = Math.Min(cost, beforeLast[j - 2] + 1);
                }

                row[j] = cost;
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
