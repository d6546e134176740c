using Csrun.Linux;

namespace Csrun.Plan.Requests;

/// <summary>What the parsers of option values share: one form of error, one set of small rules.</summary>
internal static class OptionValue
{
    /// <summary>The error for a value that cannot be used: the option and its value as they were typed, why, and a form that works.</summary>
    internal static CsrunException Wrong(string option, string value, string why, string? fix = null) =>
        new($"{option} \"{value}\"", why, fix);

    /// <summary>The error for something that the contract has and this version has not.</summary>
    internal static CsrunException Later(string option, string value, string what, string? fix = null) =>
        new($"{option} \"{value}\": not in this version yet", what, fix);

    /// <summary>Reads <c>true</c>, <c>false</c>, <c>1</c>, <c>0</c>; a key that stands alone means true.</summary>
    internal static bool Flag(string option, string whole, string key, string? value) => value switch
    {
        null or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Wrong(option, whole, $"{key} is true or false, not \"{value}\""),
    };

    /// <summary>Reads a decimal number without sign, space or separator.</summary>
    internal static bool TryUnsigned(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        foreach (char c in text)
        {
            ulong digit = (ulong)(c - '0');
            if (c is < '0' or > '9' || value > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    /// <summary>Reads permission bits as octal digits, 0 to 7777.</summary>
    internal static bool TryMode(ReadOnlySpan<char> text, out uint mode)
    {
        mode = 0;
        if (text.IsEmpty || text.Length > 5)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is < '0' or > '7')
            {
                return false;
            }

            mode = (mode * 8) + (uint)(c - '0');
        }

        return mode <= 0xFFF;
    }

    /// <summary>Splits at the first <c>=</c>; the value is null when there is none.</summary>
    internal static (string Key, string? Value) KeyValue(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }
}
