using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>docs/failures.md: each failure is induced as it says, and has the message and the exit code that it shows.</summary>
public sealed class FailureTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static readonly string s_path = Path.Combine(Host.Repository, "docs", "failures.md");

    /// <summary>The failures that an ordinary user can induce.</summary>
    public static TheoryData<string> OfUsers => [.. Names(needsRoot: false)];

    /// <summary>The failures that root has to prepare.</summary>
    public static TheoryData<string> Prepared => [.. Names(needsRoot: true)];

    [UserTheory(Needs = Need.SubIds)]
    [MemberData(nameof(OfUsers))]
    public void It_fails_with_that_message(string name) => Fails(name);

    [RootTheory]
    [MemberData(nameof(Prepared))]
    public void It_fails_with_that_message_where_root_has_prepared_it(string name) => Fails(name);

    [Fact]
    public void There_are_many_and_each_says_what_and_why_and_how_to_mend_it()
    {
        LessonCommand[][] failures = [.. new LessonFile(s_path).Commands.GroupBy(command => command.Section).Select(group => group.ToArray())];
        Assert.True(failures.Length >= 40, $"{failures.Length} failures");
        Assert.All(failures, commands =>
        {
            LessonCommand last = commands[^1];
            Assert.True(last.ExitCode is >= 125 and <= 127, $"{last.Section}: no exit= in its last block");
            foreach (string line in (string[])["csrun: ", "  why: ", "  fix: "])
            {
                // A configuration's mistakes are listed with their places instead of a why.
                bool there = last.Output.Any(text => text.StartsWith(line, StringComparison.Ordinal) || (line == "  why: " && text.StartsWith("       $", StringComparison.Ordinal)));
                Assert.True(there, $"{last.Section}: no line \"{line}\"");
            }

            Assert.DoesNotContain(last.Output, text => text.Contains("maybe", StringComparison.OrdinalIgnoreCase) || text.Contains("csrun wanted", StringComparison.Ordinal));
        });
    }

    private static IEnumerable<string> Names(bool needsRoot) =>
        new LessonFile(s_path).Commands.GroupBy(command => command.Section).Where(group => group.Any(command => command.NeedsRoot) == needsRoot).Select(group => group.Key);

    private void Fails(string name)
    {
        LessonFile file = new(s_path);
        using LessonRun run = new(Sandbox);
        StaleOutput.Judge(file, [.. run.Stale(file.Commands.Where(command => command.Section == name))]);
    }
}
