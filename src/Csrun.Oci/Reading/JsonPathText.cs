using System.Globalization;

namespace Csrun.Oci;

/// <summary>Paths into a JSON document as text: <c>$.linux.namespaces[2].type</c>, <c>$.annotations["org.csrun.image"]</c>.</summary>
internal static class JsonPathText
{
    internal static string Member(string parent, string name) =>
        IsPlain(name) ? $"{parent}.{name}" : $"{parent}[\"{Escape(name)}\"]";

    internal static string Item(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    /// <summary>The path without its last part; null for the document itself.</summary>
    internal static string? Parent(string path)
    {
        if (path.EndsWith("\"]", StringComparison.Ordinal))
        {
            // A quoted name has no unescaped quote inside, so the part starts at the last [" before it.
            int quoted = path.LastIndexOf("[\"", path.Length - 3, StringComparison.Ordinal);
            return quoted > 0 ? path[..quoted] : null;
        }

        int cut = path.AsSpan().LastIndexOfAny('.', '[');
        return cut > 0 ? path[..cut] : null;
    }

    /// <summary>A text from the document, made harmless for a terminal and cut at 80 characters.</summary>
    internal static string Quote(string text) => $"\"{Escape(text.Length > 80 ? $"{text.AsSpan(0, 80)}..." : text)}\"";

    private static bool IsPlain(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '_' and not '-')
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static string Escape(string text)
    {
        System.Text.StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!char.IsControl(c) && c is not '"' and not '\\' && !IsInvisible(c))
            {
                escaped?.Append(c);
                continue;
            }

            escaped ??= new System.Text.StringBuilder(text, 0, i, text.Length + 16);
            _ = c is '"' or '\\'
                ? escaped.Append('\\').Append(c)
                : escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>Line separators and the marks that change the direction of text.</summary>
    private static bool IsInvisible(char c) =>
        c is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\ufeff';
}
