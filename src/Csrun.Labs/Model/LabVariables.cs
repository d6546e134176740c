using System.Globalization;
using System.Text;

namespace Csrun.Labs.Model;

/// <summary>The values of <c>$NAME</c> in commands and expectations; <c>${NAME+5}</c> and <c>${NAME-5}</c> calculate. <c>$$</c> and the like are left to the shell that they are typed into.</summary>
public sealed class LabVariables
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Sets one.</summary>
    public string this[string name]
    {
        set => _values[name] = value;
    }

    /// <summary>The text with every variable replaced.</summary>
    /// <exception cref="FormatException">A name has no value, or a value that should be added to is no number.</exception>
    public string Expand(string text)
    {
        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length || !(char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '{'))
            {
                result.Append(text[i]);
                continue;
            }

            bool braces = i + 1 < text.Length && text[i + 1] == '{';
            int start = braces ? i + 2 : i + 1, end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            string name = text[start..end];
            if (!_values.TryGetValue(name, out string? value))
            {
                throw new FormatException($"the variable ${name} has no value: {text}");
            }

            if (braces)
            {
                int close = text.IndexOf('}', end);
                value = close < 0 ? throw new FormatException($"a brace is not closed: {text}") : Add(value, Expand(text[end..close]), text);
                end = close + 1;
            }

            result.Append(value);
            i = end - 1;
        }

        return result.ToString();
    }

    private static string Add(string value, string difference, string text) =>
        difference.Length == 0 ? value
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && long.TryParse(difference, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long more)
            ? (number + more).ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"\"{value}\" and \"{difference}\" cannot be added: {text}");
}
