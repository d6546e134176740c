using System.Globalization;
using System.Text.RegularExpressions;
using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Rendering;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Rendering;

/// <summary>The plan as a shell script: complete, and with no text of the plan outside quotes. That it works, the integration tests show.</summary>
public sealed partial class ShellRendererTests
{
    [Fact]
    public void Every_step_of_every_plan_is_in_the_script_once()
    {
        int scripts = 0;
        foreach ((string name, LaunchRequest request) in LaunchRequests.Family())
        {
            LaunchPlan plan = LaunchPlanner.Plan(request);
            string script = ShellRenderer.Render(plan);
            if (script.Contains("\nstop '", StringComparison.Ordinal))
            {
                continue;
            }

            scripts++;
            IEnumerable<int> numbers = StepComment().Matches(script).SelectMany(m => Numbers(m.Groups[1].Value)).Order();
            Assert.True(plan.Steps.Select(s => s.Number).SequenceEqual(numbers), $"{name}: {string.Join(' ', numbers)}");
        }

        Assert.True(scripts > 100, $"only {scripts} scripts");
    }

    [Fact]
    public void What_no_program_can_do_ends_the_script_before_anything_is_done()
    {
        LaunchRequest mapped = LaunchRequests.Mounts(LaunchRequests.Default, new Mount
        {
            Destination = "/mapped",
            Type = "bind",
            Source = $"{LaunchRequests.HostOnly}/volume",
            Options = ["rbind", "idmap"],
            UidMappings = [new(0, 100000, 10)],
            GidMappings = [new(0, 100000, 10)],
        });
        string script = ShellRenderer.Render(LaunchPlanner.Plan(mapped));

        Assert.Matches("\nstop 'an ID-mapped mount of .*: a shell cannot speak to the broker'\n$", script);
        Assert.DoesNotContain("unshare", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_cannot_end_the_text_that_is_the_childs_script()
    {
        LaunchRequest hostile = LaunchRequests.Process(LaunchRequests.Default, p => p with { Env = ["A=1\nCHILD\ntouch /tmp/outside", "B=CHILD2\nCHILD2\n"] });
        string[] lines = ShellRenderer.Render(LaunchPlanner.Plan(hostile)).Split('\n');

        Assert.Contains("child() { cat <<'CHILD3'", lines);
        Assert.Single(lines, "CHILD3");
        Assert.True(Array.IndexOf(lines, "CHILD3") > Array.IndexOf(lines, "touch /tmp/outside' \\"));
    }

    [Theory]
    [InlineData("plain/path-1.2:3", "plain/path-1.2:3")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("A=1", "'A=1'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(id)`id`\"\\", "'$(id)`id`\"\\'")]
    [InlineData("~root", "'~root'")]
    [InlineData("-x\n#", "'-x\n#'")]
    public void An_argument_is_one_word_for_the_shell(string argument, string word)
    {
        LaunchRequest request = LaunchRequests.Process(LaunchRequests.Default, p => p with { Args = ["id", argument] });

        Assert.Contains($"\n  id {word} 8>&- ", ShellRenderer.Render(LaunchPlanner.Plan(request)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_stays_on_its_line()
    {
        LaunchRequest request = LaunchRequests.Mounts(LaunchRequests.Default, new Mount { Destination = "/data", Type = "bind", Source = "/tmp/a\ntouch outside", Options = ["rbind"] });

        Assert.Contains(". the host's /tmp/a\\x0atouch outside, opened with the caller's own rights\n", ShellRenderer.Render(LaunchPlanner.Plan(request)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_lost_is_said_at_the_top()
    {
        LaunchRequest request = LaunchRequests.Process(LaunchRequests.Default, p => p with { Terminal = true }) with { Init = true };
        string script = ShellRenderer.Render(LaunchPlanner.Plan(request));
        string header = script[..script.IndexOf("set -eu", StringComparison.Ordinal)];

        Assert.Contains("# - seccomp(2): ", header, StringComparison.Ordinal);
        Assert.Contains("# - keyctl(2): ", header, StringComparison.Ordinal);
        Assert.Contains("# - --init: ", header, StringComparison.Ordinal);
        Assert.Contains("# - --tty: ", header, StringComparison.Ordinal);
        Assert.Contains("# - descriptors: ", header, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Numbers(string text)
    {
        foreach (string range in text.Split(", "))
        {
            int[] ends = [.. range.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            for (int i = ends[0]; i <= ends[^1]; i++)
            {
                yield return i;
            }
        }
    }

    [GeneratedRegex(@"^# (\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)\. ", RegexOptions.Multiline)]
    private static partial Regex StepComment();
}
