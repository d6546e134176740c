using System.Text;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>Words and comments of a POSIX shell script, from texts that anybody may have chosen.</summary>
internal static class ShellText
{
    /// <summary>One word: as it stands where every character is harmless, else in single quotes, in which only the quote itself means something.</summary>
    /// <remarks>POSIX.1-2024, Shell Command Language, 2.2.2.</remarks>
    public static string Word(string text) =>
        text.Length != 0 && text.All(IsHarmless) ? text : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>A text for a comment: one line, whatever it contains.</summary>
    public static string Comment(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            _ = char.IsControl(c) ? line.Append($"\\x{(int)c:x2}") : line.Append(c);
        }

        return line.ToString();
    }

    /// <summary>A name for a file in the script's own directory, made of another text.</summary>
    public static string FileName(string text)
    {
        StringBuilder name = new();
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_')
            {
                name.Append(c);
            }
            else if (name.Length != 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        string made = name.ToString().Trim('-', '.');
        return made.Length == 0 ? "mount" : made.Length > 60 ? made[..60] : made;
    }

    /// <summary>A word that ends a here-document and is none of its lines.</summary>
    /// <param name="name">What it begins with.</param>
    /// <param name="content">The document.</param>
    public static string Delimiter(string name, string content)
    {
        HashSet<string> lines = [.. content.Split('\n')];
        string delimiter = name;
        for (int i = 2; lines.Contains(delimiter); i++)
        {
            delimiter = $"{name}{i}";
        }

        return delimiter;
    }

    // No '=' (an assignment where a command is expected), no '~', nothing that a shell expands.
    private static bool IsHarmless(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ',' or ':' or '+' or '@' or '%';
}
