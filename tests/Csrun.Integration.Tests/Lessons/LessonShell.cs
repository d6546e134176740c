using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>A terminal of the lesson's reader: a shell that goes on from command to command, also inside a shell that it has started.</summary>
internal sealed partial class LessonShell : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private int _count;

    /// <summary>Opens it.</summary>
    /// <param name="sandbox">The class's world.</param>
    /// <param name="identity">Who types.</param>
    /// <param name="directory">Where it starts.</param>
    /// <param name="environment">What it has besides a fresh login's variables.</param>
    /// <param name="mounts">A process whose mount namespace it enters, as root before it becomes who types; 0 for none.</param>
    internal LessonShell(Sandbox sandbox, Identity identity, string directory, IReadOnlyDictionary<string, string?> environment, int mounts) =>
        _process = sandbox.Start(identity, ["/bin/bash", "-c", "cd \"$0\" && exec bash --norc 2>&1", directory], environment, mounts);

    /// <summary>Types a command and waits for its end.</summary>
    /// <returns>What it printed on both streams, and its exit code.</returns>
    internal (string Output, int ExitCode) Type(string command)
    {
        // The mark comes from whichever shell reads the next line: the one that the command has started, or this one.
        string end = $"(end of {++_count}) ";
        _process.StandardInput.Write($"{command}\necho \"{end}$?\"\n");
        _process.StandardInput.Flush();
        StringBuilder output = new();
        while (true)
        {
            Task<string?> line = _process.StandardOutput.ReadLineAsync();
            Assert.True(line.Wait(s_patience), $"no answer within {s_patience.TotalSeconds} s to: {command}\n{output}");
            int mark = line.Result?.LastIndexOf(end, StringComparison.Ordinal) ?? 0;
            if (mark >= 0)
            {
                // What has no newline at its end stands before the mark.
                output.Append(line.Result?[..mark]);
                int code = line.Result is null ? -1 : int.Parse(line.Result.AsSpan(mark + end.Length), System.Globalization.CultureInfo.InvariantCulture);
                return (LineNumber().Replace(output.ToString().TrimEnd('\n'), "$1"), code);
            }

            output.Append(line.Result).Append('\n');
        }
    }

    /// <summary>Ends it with all that it has started.</summary>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    // A shell that reads from a pipe says in which line; one at a terminal does not.
    [GeneratedRegex(@"^((?:/bin/)?(?:ba)?sh: )line \d+: ", RegexOptions.Multiline)]
    private static partial Regex LineNumber();
}
