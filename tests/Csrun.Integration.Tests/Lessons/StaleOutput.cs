using Csrun.Labs.Reporting;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>A command that prints something else today than its lesson shows, or ends otherwise.</summary>
/// <param name="Command">The command.</param>
/// <param name="Diff">What is shown beside what is printed.</param>
/// <param name="Output">What is printed.</param>
/// <param name="ExitCode">How it ended.</param>
internal sealed record StaleOutput(LessonCommand Command, IReadOnlyList<DiffLine> Diff, string Output, int ExitCode)
{
    /// <summary>The end of every report.</summary>
    internal const string Advice = "- is in the document, + is printed today\nfix: scripts/renew-docs.sh, and read what it changed\n";

    /// <summary>True where the tests are to write today's outputs into the documents: scripts/renew-docs.sh.</summary>
    internal static bool Renew { get; } = Environment.GetEnvironmentVariable("CSRUN_RENEW") == "1";

    /// <summary>Writes what is printed today into the file when that is asked for, else fails with all that differs.</summary>
    internal static void Judge(LessonFile file, IReadOnlyList<StaleOutput> stale)
    {
        if (Renew)
        {
            file.Write(stale.ToDictionary(s => s.Command, s => (IReadOnlyList<string>)(s.Output.Length == 0 ? [] : s.Output.Split('\n'))));
            stale = [.. stale.Where(s => s.Command.ExitCode is { } code && code != s.ExitCode)];
        }

        Assert.True(stale.Count == 0, string.Concat(stale.Select(s => s.Report(file))) + Advice);
    }

    /// <summary>The place, the command and the difference.</summary>
    internal string Report(LessonFile file) =>
        $"{file.Place(Command)}\n$ {Command.Typed.Replace("\n", "\n> ", StringComparison.Ordinal)}\n"
        + string.Concat(Diff.Select(line => $"{line.Kind switch { DiffKind.Missing => "-", DiffKind.Unexpected => "+", _ => " " }} {line.Text}\n"))
        + (Command.ExitCode is { } code && code != ExitCode ? $"exit code {ExitCode}, in the document {code}\n" : "");
}
