namespace Csrun.Plan.Requests;

/// <summary>An amount of memory: <c>65536</c>, <c>64k</c>, <c>64m</c>, <c>1g</c>; units count in powers of 1024, as in Docker.</summary>
public static class MemorySize
{
    /// <summary>Reads an amount.</summary>
    /// <param name="text">Digits, perhaps with a part after a point, and one of <c>b k m g t p</c> (also <c>kb</c>, <c>kib</c>, any case).</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="Csrun.Linux.CsrunException">The value is no amount, or too large.</exception>
    public static long Parse(string text, string option) => TryParse(text, out long bytes)
        ? bytes
        : throw OptionValue.Wrong(option, text, "an amount of memory is a number and a unit (b, k, m, g, t), and below 8 EiB", $"{option} 64m");

    /// <summary>Reads an amount without an exception.</summary>
    /// <param name="text">As for <see cref="Parse"/>.</param>
    /// <param name="bytes">The amount in bytes.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        int end = 0;
        while (end < text.Length && text[end] is (>= '0' and <= '9') or '.')
        {
            end++;
        }

        int shift = Shift(text[end..]);
        ReadOnlySpan<char> digits = text[..end];
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? default : digits[(point + 1)..];
        if (shift < 0 || !OptionValue.TryUnsigned(whole, out ulong units) || units > (ulong)long.MaxValue >> shift)
        {
            return false;
        }

        ulong rest = 0;
        if (point >= 0)
        {
            if (fraction.Length is 0 or > 9 || !OptionValue.TryUnsigned(fraction, out ulong numerator))
            {
                return false;
            }

            ulong denominator = 1;
            for (int i = 0; i < fraction.Length; i++)
            {
                denominator *= 10;
            }

            rest = (ulong)(((UInt128)numerator << shift) / denominator);
        }

        ulong total = (units << shift) + rest;
        bytes = total <= long.MaxValue ? (long)total : 0;
        return total <= long.MaxValue;
    }

    private static int Shift(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty || unit.Equals("b", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        bool known = unit.Length == 1
            || unit[1..].Equals("b", StringComparison.OrdinalIgnoreCase)
            || unit[1..].Equals("ib", StringComparison.OrdinalIgnoreCase);
        return !known ? -1 : char.ToLowerInvariant(unit[0]) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            't' => 40,
            'p' => 50,
            _ => -1,
        };
    }
}
