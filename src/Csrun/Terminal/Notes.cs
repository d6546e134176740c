using System.Text;
using Csrun.Linux;

namespace Csrun.Terminal;

/// <summary>What a user should know although nothing failed: a line each on stderr.</summary>
internal static class Notes
{
    /// <summary>Writes the notes.</summary>
    internal static void Write(IReadOnlyList<string> notes)
    {
        for (int i = 0; i < notes.Count; i++)
        {
            Write(notes[i]);
        }
    }

    /// <summary>Writes one note.</summary>
    internal static void Write(string note)
    {
        StringBuilder text = new("csrun: note: ");
        foreach (char c in note)
        {
            // Names out of an archive may hold anything: no control character reaches the terminal.
            _ = char.IsControl(c) && c != '\n' ? text.Append($"\\x{(int)c:x2}") : text.Append(c);
        }

        Sys.Write(2, Encoding.UTF8.GetBytes(text.Append('\n').ToString()));
    }
}
