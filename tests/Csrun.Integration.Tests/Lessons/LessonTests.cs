using Csrun.Integration.Tests.Harness;
using Csrun.Labs.Reporting;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>The lessons in docs/lessons: what they show is what csrun and the kernel print today.</summary>
public sealed class LessonTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static readonly string s_directory = Path.Combine(Host.Repository, "docs", "lessons");

    private static readonly string[] s_names =
        [.. Directory.EnumerateFiles(s_directory, "*.md").Select(file => Path.GetFileName(file)).Where(name => char.IsAsciiDigit(name[0])).Order(StringComparer.Ordinal)];

    /// <summary>The lessons' files.</summary>
    public static TheoryData<string> Lessons => [.. s_names];

    [UserTheory(Needs = Need.SubIds)]
    [MemberData(nameof(Lessons))]
    public void What_a_lesson_shows_is_what_its_commands_print(string name)
    {
        LessonFile lesson = new(Path.Combine(s_directory, name));
        Assert.NotEmpty(lesson.Commands);
        using LessonRun run = new(Sandbox);
        List<(LessonCommand Command, IReadOnlyList<DiffLine> Diff, string Output)> stale = [.. run.Stale(lesson)];
        if (Environment.GetEnvironmentVariable("CSRUN_RENEW") == "1")
        {
            lesson.Write(stale.ToDictionary(s => s.Command, s => (IReadOnlyList<string>)(s.Output.Length == 0 ? [] : s.Output.Split('\n'))));
            return;
        }

        Assert.True(stale.Count == 0, Report(lesson, stale));
    }

    [UserFact]
    public void An_output_that_is_stale_is_shown_with_the_place_and_the_difference()
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User), "1.md");
        File.WriteAllText(file, "# Text\n\n```console\n$ echo one\none\n$ echo two;\n> echo three\ntwo\nfour\n$ readlink /proc/self/ns/user\nuser:[4026539999]\n```\n");
        LessonFile lesson = new(file);
        using LessonRun run = new(Sandbox);
        (LessonCommand Command, IReadOnlyList<DiffLine> Diff, string Output) stale = Assert.Single(run.Stale(lesson));
        Assert.Equal("1.md:6\n$ echo two;\n> echo three\n  two\n- four\n+ three\n", Report(lesson, [stale])[..^Advice.Length]);
        lesson.Write(new Dictionary<LessonCommand, IReadOnlyList<string>> { [stale.Command] = stale.Output.Split('\n') });
        Assert.Empty(run.Stale(new LessonFile(file)));
    }

    [Fact]
    public void There_are_ten_each_with_a_goal_an_exercise_and_a_solution_that_is_run()
    {
        string index = File.ReadAllText(Path.Combine(s_directory, "README.md"));
        Assert.Equal(10, s_names.Length);
        foreach (string name in s_names)
        {
            string text = File.ReadAllText(Path.Combine(s_directory, name));
            string title = text[..text.IndexOf('\n')];
            Assert.Contains($"]({name})", index, StringComparison.Ordinal);
            Assert.Matches(@"^# \d+\. .+ / .*[\u3040-\u30ff\u4e00-\u9fff]", title);
            Assert.Matches("(?s)\n## Goal\n.*\n## Exercise\n.*\n## Solution\n.*```console", text);
        }
    }

    private const string Advice = "- is in the lesson, + is printed today\nfix: scripts/renew-docs.sh, and read what it changed\n";

    private static string Report(LessonFile lesson, IEnumerable<(LessonCommand Command, IReadOnlyList<DiffLine> Diff, string Output)> stale) =>
        string.Concat(stale.Select(s =>
            $"{lesson.Place(s.Command)}\n$ {s.Command.Typed.Replace("\n", "\n> ", StringComparison.Ordinal)}\n"
            + string.Concat(s.Diff.Select(line => $"{line.Kind switch { DiffKind.Missing => "-", DiffKind.Unexpected => "+", _ => " " }} {line.Text}\n")))) + Advice;
}
