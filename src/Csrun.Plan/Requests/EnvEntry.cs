using Csrun.Linux;

namespace Csrun.Plan.Requests;

/// <summary>One <c>-e</c>: <c>KEY=VALUE</c>, or <c>KEY</c> for the caller's value.</summary>
public static class EnvEntry
{
    /// <summary>The entry with its value.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="caller">Looks up a variable of the caller.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <returns><c>KEY=VALUE</c>; or <c>KEY</c> alone, when the caller has no such variable: the image's own is then taken away, as in Docker.</returns>
    /// <exception cref="CsrunException">There is no name, or one that cannot be one.</exception>
    public static string Resolve(string text, Func<string, string?> caller, string option = "-e")
    {
        (string key, string? value) = OptionValue.KeyValue(text);
        CheckName($"{option} \"{text}\"", key, text);
        return value is null && caller(key) is { } own ? $"{key}={own}" : text;
    }

    internal static void CheckName(string where, string key, string line)
    {
        if (key.Length == 0)
        {
            throw new CsrunException(where, $"\"{line}\" has no name before the equals sign", "write KEY=VALUE");
        }

        foreach (char c in key)
        {
            if (char.IsWhiteSpace(c))
            {
                throw new CsrunException(where, $"the name \"{key}\" contains a space", "write KEY=VALUE without a space around the equals sign");
            }
        }
    }
}
