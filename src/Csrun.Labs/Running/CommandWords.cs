using System.Text;
using Csrun.Labs.Model;

namespace Csrun.Labs.Running;

/// <summary>The command lines of labs: words parted by blanks, quoted as in a shell, with variables; no shell reads them.</summary>
/// <remarks>'…' is taken as it stands; "…" and bare words have their variables replaced (<see cref="LabVariables"/>).</remarks>
internal static class CommandWords
{
    /// <summary>Parts a command line into its words.</summary>
    /// <exception cref="FormatException">A quote is not closed, or a variable is unknown.</exception>
    internal static List<string> Split(string command, LabVariables variables)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool started = false;
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            if (c is ' ' or '\n')
            {
                if (started)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    started = false;
                }
            }
            else if (c is '\'' or '"')
            {
                int end = command.IndexOf(c, i + 1);
                if (end < 0)
                {
                    throw new FormatException($"a quote is not closed: {command}");
                }

                string inside = command[(i + 1)..end];
                word.Append(c == '"' ? variables.Expand(inside) : inside);
                started = true;
                i = end;
            }
            else
            {
                int end = command.AsSpan(i).IndexOfAny(" '\"\n");
                string bare = end < 0 ? command[i..] : command.Substring(i, end);
                word.Append(variables.Expand(bare));
                started = true;
                i += bare.Length - 1;
            }
        }

        if (started)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>The words as one would type them into a shell.</summary>
    internal static string Join(IReadOnlyList<string> words)
    {
        StringBuilder text = new();
        foreach (string word in words)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(Quote(word));
        }

        return text.ToString();
    }

    private static string Quote(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-_./:=,+@%".Contains(c, StringComparison.Ordinal))
            {
                return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
            }
        }

        return word.Length == 0 ? "''" : word;
    }
}
