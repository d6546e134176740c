namespace Csrun.Linux.IdMaps;

/// <summary>Strict reading of user and group IDs: decimal digits and nothing else.</summary>
/// <remarks>The kernel keeps 4294967295 ((uid_t)-1) for "no ID"; setresuid(2), user_namespaces(7).</remarks>
public static class IdNumber
{
    /// <summary>The highest ID that exists.</summary>
    public const uint Max = uint.MaxValue - 1;

    /// <summary>Reads an ID: digits only (no sign, no blank, no hexadecimal), at most <see cref="Max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint id) => TryParse(text, Max, out id);

    /// <summary>Reads an ID from the bytes of a file; the same rules.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint id) => TryParse(text, Max, out id);

    /// <summary>Reads how many IDs there are: digits only, at most 4294967295 (all of them).</summary>
    public static bool TryParseCount(ReadOnlySpan<char> text, out uint count) => TryParse(text, uint.MaxValue, out count);

    /// <summary>Reads how many IDs there are from the bytes of a file; the same rules.</summary>
    public static bool TryParseCount(ReadOnlySpan<byte> text, out uint count) => TryParse(text, uint.MaxValue, out count);

    /// <summary>Whether the text is a number in shape: one or more decimal digits, however large.</summary>
    public static bool IsAllDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool TryParse(ReadOnlySpan<char> text, uint max, out uint value)
    {
        ulong sum = 0;
        foreach (char c in text)
        {
            if (!Append(ref sum, c, max))
            {
                value = 0;
                return false;
            }
        }

        value = (uint)sum;
        return !text.IsEmpty;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, uint max, out uint value)
    {
        ulong sum = 0;
        foreach (byte c in text)
        {
            if (!Append(ref sum, (char)c, max))
            {
                value = 0;
                return false;
            }
        }

        value = (uint)sum;
        return !text.IsEmpty;
    }

    // The sum never exceeds max before the multiplication, so 64 bits cannot overflow however long the text is.
    private static bool Append(ref ulong sum, char c, uint max)
    {
        if (c is < '0' or > '9')
        {
            return false;
        }

        sum = (sum * 10) + (uint)(c - '0');
        return sum <= max;
    }
}
