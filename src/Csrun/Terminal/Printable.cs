using System.Text;

namespace Csrun.Terminal;

/// <summary>Names of files, mounts and processes, which may hold anything, made fit for a terminal.</summary>
internal static class Printable
{
    private const int Width = 60; // leaves room for the other columns of a table

    /// <summary>The text with control characters written as <c>\x1b</c>.</summary>
    internal static string Of(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        StringBuilder shown = new(text.Length);
        foreach (char c in text)
        {
            _ = char.IsControl(c) ? shown.Append($"\\x{(int)c:x2}") : shown.Append(c);
        }

        return shown.ToString();
    }

    /// <summary>The beginning of a text that may be of any length.</summary>
    internal static string Short(string text) => text.Length <= Width ? text : $"{text.AsSpan(0, Width)}...";
}
