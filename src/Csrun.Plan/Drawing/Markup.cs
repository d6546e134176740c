using System.Text;

namespace Csrun.Plan.Drawing;

/// <summary>Text made fit for XML, and so for SVG and for HTML that is written as XML.</summary>
public static class Markup
{
    /// <summary>The text with everything written as a reference that means something in markup, in content and in quoted attributes.</summary>
    /// <remarks>Names come from images, command lines and mounts, and may hold anything: control characters show as <c>\x1b</c>, what XML
    /// cannot hold at all (halves of surrogate pairs, U+FFFE and U+FFFF, XML 1.0, "Char") and what turns the direction of writing
    /// around (U+202A to U+202E, U+2066 to U+2069) by their numbers.</remarks>
    /// <param name="text">Any text.</param>
    public static string Escape(string text)
    {
        StringBuilder safe = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '&':
                    safe.Append("&amp;");
                    break;
                case '<':
                    safe.Append("&lt;");
                    break;
                case '>':
                    safe.Append("&gt;");
                    break;
                case '"':
                    safe.Append("&quot;");
                    break;
                case '\'':
                    safe.Append("&#39;");
                    break;
                case var _ when char.IsControl(c):
                    safe.Append($"\\x{(int)c:x2}");
                    break;
                case var _ when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    safe.Append(c).Append(text[++i]);
                    break;
                case var _ when char.IsSurrogate(c) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\ufffe' or '\uffff':
                    safe.Append($"\\u{(int)c:x4}");
                    break;
                default:
                    safe.Append(c);
                    break;
            }
        }

        return safe.ToString();
    }

    /// <summary>The text, cut after so many characters, with an ellipsis.</summary>
    public static string Short(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");
}
