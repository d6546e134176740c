using Csrun.Integration.Tests.Harness;

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
        StaleOutput.Judge(lesson, [.. run.Stale(lesson.Commands)]);
    }

    [UserFact]
    public void An_output_that_is_stale_is_shown_with_the_place_and_the_difference()
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User), "1.md");
        File.WriteAllText(file, "# Text\n\n```console exit=4\n$ echo one\none\n$ echo two;\n> echo three\ntwo\nfour\n$ readlink /proc/self/ns/user; (exit 3)\nuser:[4026539999]\n```\n");
        LessonFile lesson = new(file);
        using LessonRun run = new(Sandbox);
        StaleOutput[] stale = [.. run.Stale(lesson.Commands)];
        Assert.Equal(
            ["1.md:6\n$ echo two;\n> echo three\n  two\n- four\n+ three\n", "exit code 3, in the document 4\n"],
            stale.Select((s, i) => i == 0 ? s.Report(lesson) : s.Report(lesson).Split('\n')[^2] + "\n"));
        lesson.Write(new Dictionary<LessonCommand, IReadOnlyList<string>> { [stale[0].Command] = stale[0].Output.Split('\n') });
        Assert.Single(run.Stale(new LessonFile(file).Commands));
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
}
