namespace Csrun.Images.Store;

/// <summary>Orders version numbers: runs of digits by value, a release after its candidates.</summary>
internal static class VersionOrder
{
    internal static int Compare(string a, string b)
    {
        ReadOnlySpan<char> x = a;
        ReadOnlySpan<char> y = b;
        while (!x.IsEmpty && !y.IsEmpty)
        {
            int order;
            if (char.IsAsciiDigit(x[0]) && char.IsAsciiDigit(y[0]))
            {
                ReadOnlySpan<char> m = Digits(ref x).TrimStart('0');
                ReadOnlySpan<char> n = Digits(ref y).TrimStart('0');
                order = m.Length != n.Length ? m.Length.CompareTo(n.Length) : m.CompareTo(n, StringComparison.Ordinal);
            }
            else
            {
                order = Weight(x).CompareTo(Weight(y));
                order = order != 0 ? order : x[0].CompareTo(y[0]);
                x = x[1..];
                y = y[1..];
            }

            if (order != 0)
            {
                return order;
            }
        }

        // 3.20_rc1 comes before 3.20, 3.20.1 after it.
        return Weight(x).CompareTo(Weight(y));
    }

    private static ReadOnlySpan<char> Digits(ref ReadOnlySpan<char> text)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        ReadOnlySpan<char> digits = text[..end];
        text = text[end..];
        return digits;
    }

    private static int Weight(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return 0;
        }

        ReadOnlySpan<char> word = rest[0] is '_' or '-' or '.' ? rest[1..] : rest;
        return rest[0] == '~' || word.StartsWith("rc") || word.StartsWith("alpha") || word.StartsWith("beta") || word.StartsWith("pre") ? -1 : 1;
    }
}
