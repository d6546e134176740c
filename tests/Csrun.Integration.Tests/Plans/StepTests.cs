using System.Globalization;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>--step: a launch that asks before each step, answered in a terminal.</summary>
public sealed partial class StepTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private const string First = "q: stop here.  ";
    private const string Later = "[Enter, NUMBER, c, q] ";

    [UserFact(Needs = Need.SubIds)]
    public void Each_step_waits_and_the_kernel_is_where_the_step_says()
    {
        using Dialogue dialogue = new(Sandbox, Identity.User, $"$CSRUN run --step {Host.AnyImage} echo the command ran 2>&1");
        string text = dialogue.Until(First);
        Assert.Contains("--- step 1 of ", text, StringComparison.Ordinal);
        Assert.Contains("clone3(", text, StringComparison.Ordinal);

        dialogue.Type("\n");
        text = dialogue.Until(Later);
        Assert.Contains("--- step 2 of ", text, StringComparison.Ordinal);
        int pid = int.Parse(ChildPid().Match(text).Groups["pid"].Value, CultureInfo.InvariantCulture);
        // The child has made nothing of its own yet but what clone3 gave it.
        Assert.NotEqual(Link("/proc/self/ns/user"), Link($"/proc/{pid}/ns/user"));
        Assert.Equal(Link("/proc/self/ns/net"), Link($"/proc/{pid}/ns/net"));

        dialogue.Type("8\n");
        text = dialogue.Until(Later);
        Assert.Contains("--- step 8 of ", text, StringComparison.Ordinal);
        Assert.Contains($"newuidmap {pid} 0 ", text, StringComparison.Ordinal);
        Assert.Contains($"cat /proc/{pid}/uid_map /proc/{pid}/gid_map", text, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText($"/proc/{pid}/uid_map"));
        Assert.NotEqual(Link("/proc/self/ns/net"), Link($"/proc/{pid}/ns/net"));

        dialogue.Type("7\n");
        Assert.Contains("a NUMBER is 9 to ", dialogue.Until(Later), StringComparison.Ordinal);

        dialogue.Type("\n");
        text = dialogue.Until(Later);
        Assert.Contains("=> uid_map: (empty) -> 0 ", text, StringComparison.Ordinal);
        Assert.NotEqual("", File.ReadAllText($"/proc/{pid}/uid_map"));
        Assert.DoesNotContain("the command ran\n", dialogue.Shown, StringComparison.Ordinal);

        dialogue.Type("c\n");
        Assert.Equal(0, dialogue.End());
        Assert.Contains("\nthe command ran\n", dialogue.Shown, StringComparison.Ordinal); // beside the last lines of the trace
    }

    [UserTheory]
    [InlineData("q\n", 1)]
    [InlineData("q\n", 2)]
    [InlineData("\u0003", 10)] // Ctrl-C
    [InlineData("\u0004", 60)] // end of file
    [InlineData("q\n", 150)]
    public void Stopping_leaves_nothing_behind(string keys, int step)
    {
        Run(Host.AnyImage, "true").Succeeded();
        Leftovers before = Leftovers.Before(Sandbox, Identity.User);
        using Dialogue dialogue = new(Sandbox, Identity.User, $"stty -a > /dev/null; $CSRUN run --step {Host.AnyImage} echo the command ran 2>&1; code=$?; stty -a | grep -o -e '[-]*isig'; exit $code");
        dialogue.Until(First);
        if (step > 1)
        {
            dialogue.Type(step == 2 ? "\n" : $"{step}\n");
            dialogue.Until(Later);
        }

        dialogue.Type(keys);
        Assert.Equal(125, dialogue.End());
        Assert.Matches(@"csrun: stopped before step \d+ of \d+, as you asked\n", dialogue.Shown);
        Assert.DoesNotContain("the command ran\n", dialogue.Shown, StringComparison.Ordinal);
        Assert.EndsWith("isig\n", dialogue.Shown, StringComparison.Ordinal); // the terminal is as it was
        Assert.DoesNotContain("-isig", dialogue.Shown, StringComparison.Ordinal);
        before.AssertNone();
    }

    [UserFact]
    public void The_commands_that_are_shown_work_while_the_child_waits()
    {
        using Dialogue dialogue = new(Sandbox, Identity.User, $"$CSRUN run --step {Host.AnyImage} true 2>&1");
        dialogue.Until(First);
        int tried = 0;
        for (int step = 5; step <= 145; step += 14)
        {
            dialogue.Type($"{step}\n");
            string text = dialogue.Until(Later);
            text = text[text.LastIndexOf("--- step ", StringComparison.Ordinal)..];
            foreach (Match look in Look().Matches(text))
            {
                string command = look.Groups["command"].Value.Trim();
                if (command.StartsWith("csrun", StringComparison.Ordinal) || Host.Find(command.Split(' ')[0]) is not null)
                {
                    Sandbox.Shell(Identity.User, command.Replace("csrun", "$CSRUN", StringComparison.Ordinal)).Succeeded();
                    tried++;
                }
            }
        }

        Assert.True(tried > 15, $"{tried} commands");
        dialogue.Type("q\n");
        Assert.Equal(125, dialogue.End());
    }

    [UserFact]
    public void With_a_terminal_of_the_containers_own_and_a_step_left_out()
    {
        using Dialogue dialogue = new(Sandbox, Identity.User, $"$CSRUN run -it --step --break seccomp {Host.AnyImage} sh -c 'tty; grep Seccomp: /proc/self/status' 2>&1");
        dialogue.Until(First);
        dialogue.Type("c\n");
        Assert.Equal(0, dialogue.End());
        Assert.Matches(@"(?m)^/dev/pts/0\nSeccomp:\s+0$", dialogue.Shown);
    }

    [UserFact]
    public void Without_a_terminal_it_says_so() => Run("--step", Host.AnyImage, "true").Refused(125, "--step needs a terminal", "--trace");

    private static string Link(string path) => new FileInfo(path).LinkTarget!;

    [GeneratedRegex(@", child (?<pid>\d+) ---", RegexOptions.ExplicitCapture)]
    private static partial Regex ChildPid();

    [GeneratedRegex(@"(?m)^(look: |      )(?<command>\S.*?)  # ", RegexOptions.ExplicitCapture)]
    private static partial Regex Look();
}
