using System.Globalization;

namespace Csrun.Commands;

/// <summary>The value of <c>--interval</c>: Go's durations, as runc takes them, and plain seconds, as podman does.</summary>
internal static class IntervalOption
{
    internal static TimeSpan Read(Verb verb, string text)
    {
        (string number, double unit) = text switch
        {
            [.. var n, 'm', 's'] => (n, 0.001),
            [.. var n, 's'] => (n, 1),
            [.. var n, 'm'] => (n, 60),
            _ => (text, 1d),
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit is > 0 and <= 86400
            ? TimeSpan.FromSeconds(value * unit)
            : throw verb.Wrong($"--interval \"{text}\"", "it is a time above 0, at most a day", "--interval 5s");
    }
}
