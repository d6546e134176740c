using Csrun.Labs.Model;
using Csrun.Labs.Reporting;
using Csrun.Labs.Running;

namespace Csrun.Labs.Tests;

/// <summary>The runner itself, on labs that are wrong on purpose: were one of them to pass, no lab's passing would mean anything.</summary>
public sealed class LabRunnerTests
{
    [Fact]
    public void A_right_expectation_passes() => Assert.Equal(LabOutcome.Passed, Run(new LabStep("See.", "echo one two") { Expect = "one two" }).Outcome);

    [Fact]
    public void A_wrong_expectation_fails_and_ends_the_lab()
    {
        LabReport report = Run(new LabStep("See.", "echo one") { Expect = "two" }, new LabStep("Never.", "echo never"));
        Assert.Equal(LabOutcome.Failed, report.Outcome);
        Assert.Single(report.Steps);
        Assert.Equal([new DiffLine(DiffKind.Missing, "two"), new DiffLine(DiffKind.Unexpected, "one")], report.Steps[0].Diff);
    }

    [Fact]
    public void A_wrong_exit_code_fails() => Assert.Equal(LabOutcome.Failed, Run(new LabStep("See.", "sh -c 'exit 3'") { ExitCode = 2 }).Outcome);

    [Fact]
    public void A_foreseen_exit_code_passes() => Assert.Equal(LabOutcome.Passed, Run(new LabStep("See.", "sh -c 'exit 3'") { ExitCode = 3 }).Outcome);

    [Fact]
    public void Both_outputs_are_compared() =>
        Assert.Equal(LabOutcome.Passed, Run(new LabStep("See.", "sh -c 'echo out; echo err >&2'") { Expect = "out\nerr" }).Outcome);

    [Fact]
    public void A_command_reads_what_the_step_gives_it() =>
        Assert.Equal(LabOutcome.Passed, Run(new LabStep("See.", "cat") { Input = "at $DIR\n", Expect = "at */example" }).Outcome);

    [Fact]
    public void A_program_that_is_not_there_fails_with_its_name()
    {
        LabReport report = Run(new LabStep("See.", "no-such-program-at-all"));
        Assert.Equal(LabOutcome.Failed, report.Outcome);
        Assert.Contains("no-such-program-at-all", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_need_that_is_missing_skips_with_the_reason()
    {
        Lab lab = Example(new LabStep("See.", "true")) with { Needs = [LabNeed.FileSystem("nosuchfs")] };
        LabReport report = Run(lab, keep: false);
        Assert.Equal(LabOutcome.Skipped, report.Outcome);
        Assert.Contains("nosuchfs", report.Reason, StringComparison.Ordinal);
        Assert.Empty(report.Steps);
    }

    [Fact]
    public void A_step_whose_need_is_missing_is_left_out()
    {
        LabReport report = Run(new LabStep("See.", "false") { Needs = [LabNeed.Tool("no-such-program-at-all")] }, new LabStep("See.", "true"));
        Assert.Equal([LabOutcome.Skipped, LabOutcome.Passed], report.Steps.Select(step => step.Outcome));
        Assert.Equal(LabOutcome.Passed, report.Outcome);
    }

    [Fact]
    public void A_shell_stays_open_and_what_one_step_prints_another_uses()
    {
        LabReport report = Run(
            new LabStep("Opens.", "sh") { Opens = "one" },
            new LabStep("Sets.", "x=5; echo $((x * 2))") { In = "one", Into = "TEN" },
            new LabStep("Fails as it should.", "false") { In = "one", ExitCode = 1 },
            new LabStep("Remembers.", "echo \"$((x + 1))\" $TEN; echo err >&2") { In = "one", Expect = "6 10\nerr" },
            new LabStep("Without a line end.", "printf end") { In = "one", Expect = "end" });
        Assert.True(report.Outcome == LabOutcome.Passed, Show(report));
    }

    [Fact]
    public void A_shell_that_ends_fails_the_step()
    {
        LabReport report = Run(new LabStep("Opens.", "sh") { Opens = "one" }, new LabStep("Ends.", "exit 4") { In = "one" });
        Assert.Equal(4, report.Steps[1].ExitCode);
        Assert.Equal(LabOutcome.Failed, report.Outcome);
    }

    [Fact]
    public void A_service_runs_until_the_lab_ends()
    {
        LabReport report = Run(
            new LabStep("Starts.", "sh -c 'echo $$ >pid; mv pid ready; exec sleep 1000'") { Background = true },
            new LabStep("Waits.", "sh -c 'until [ -e ready ]; do sleep 0.01; done; cat ready'") { Into = "PID" },
            new LabStep("It is there.", "cat /proc/$PID/comm") { Expect = "s*" });
        Assert.True(report.Outcome == LabOutcome.Passed, Show(report));
        Assert.False(Directory.Exists($"/proc/{report.Steps[1].Output.Trim()}"));
    }

    [Fact]
    public void Nothing_is_left_and_keep_keeps()
    {
        LabStep step = new("Makes.", "mkdir -p a/b");
        Assert.Null(Run(step).Kept);
        LabReport kept = Run(Example(step), keep: true);
        Assert.True(Directory.Exists($"{kept.Kept}/a/b"));
        Directory.Delete(Path.GetDirectoryName(kept.Kept)!, recursive: true);
    }

    [Fact]
    public void Clean_up_runs_after_a_failure()
    {
        string mark = Path.Combine(Path.GetTempPath(), $"csrun-labs-test-{Guid.NewGuid():n}");
        Lab lab = Example(new LabStep("Fails.", "false")) with { Cleanup = [new LabStep("Fails too.", "no-such-program"), new LabStep("Marks.", $"touch {mark}")] };
        Run(lab, keep: false);
        Assert.True(File.Exists(mark));
        File.Delete(mark);
    }

    private static LabReport Run(params LabStep[] steps) => Run(Example(steps), keep: false);

    private static LabReport Run(Lab lab, bool keep)
    {
        string? place = null;
        LabReport report;
        LabRunner runner = new(new Host(), keep, CancellationToken.None);
        using (runner)
        {
            report = runner.Run(lab, directory => place = directory, _ => { });
        }

        Assert.Empty(report.Left);
        Assert.Empty(runner.Left);
        Assert.True(place is null || Directory.Exists(place) == keep, place);
        return report;
    }

    private static Lab Example(params LabStep[] steps) =>
        new() { Name = "example", What = "an example", Source = new LabSource("a", "b"), Lesson = "A lesson.", Steps = [.. steps] };

    private static string Show(LabReport report) => string.Join('\n', report.Steps.Select(step => $"{step.Command}: {step.ExitCode}: {step.Output}")) + report.Reason;

    private sealed class Host : ILabHost
    {
        public string Binary => "/bin/false";

        public string ImagePath => "";

        public string? RemoveTree(string path)
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }

            return null;
        }
    }
}
