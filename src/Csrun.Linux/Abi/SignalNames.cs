using System.Globalization;

namespace Csrun.Linux.Abi;

/// <summary>Signals as people write them: TERM, SIGTERM, 15.</summary>
public static class SignalNames
{
    private const int Highest = 64; // SIGRTMAX, signal(7)

    /// <summary>Reads one.</summary>
    /// <param name="text">A name with or without SIG, in any case, or a number from 1 to 64.</param>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <exception cref="CsrunException">It is none.</exception>
    public static Signal Parse(string text, string option)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is >= 1 and <= Highest ? (Signal)number : throw new CsrunException($"{option} \"{text}\"", $"signals have numbers from 1 to {Highest}", $"{option} TERM");
        }

        if (TryParse(text) is { } named)
        {
            return named;
        }

        IReadOnlyList<string> close = CloseNames.Of(WithoutPrefix(text), [.. Enum.GetNames<Signal>().Select(n => n[3..])]);
        throw new CsrunException(
            $"{option} \"{text}\"",
            close.Count == 0 ? "there is no such signal" : $"there is no such signal; close to it: {string.Join(", ", close)}",
            "kill -l lists them");
    }

    /// <summary>Reads one; null when it is none.</summary>
    /// <param name="text">A name with or without SIG, in any case, or a number from 1 to 64.</param>
    public static Signal? TryParse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is >= 1 and <= Highest ? (Signal)number : null;
        }

        foreach (Signal signal in Enum.GetValues<Signal>())
        {
            if (signal.ToString()[3..].Equals(WithoutPrefix(text), StringComparison.OrdinalIgnoreCase))
            {
                return signal;
            }
        }

        return null;
    }

    private static string WithoutPrefix(string text) => text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
}
