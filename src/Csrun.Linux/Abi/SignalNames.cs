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

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        List<string> names = [];
        foreach (Signal signal in Enum.GetValues<Signal>())
        {
            string own = signal.ToString()[3..];
            if (own.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return signal;
            }

            names.Add(own);
        }

        IReadOnlyList<string> close = CloseNames.Of(name, names);
        throw new CsrunException(
            $"{option} \"{text}\"",
            close.Count == 0 ? "there is no such signal" : $"there is no such signal; close to it: {string.Join(", ", close)}",
            "kill -l lists them");
    }
}
