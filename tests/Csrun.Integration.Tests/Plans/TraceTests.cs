using System.Text.Json;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>--trace: the steps of a real launch, with results and what they changed.</summary>
public sealed partial class TraceTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void The_trace_has_every_step_of_the_plan_in_order_and_the_command_runs()
    {
        string[] planned = [.. Numbered(Run("--explain", Host.AnyImage, "id", "-u").Succeeded().Stdout)];
        RunResult traced = Run("--trace", Host.AnyImage, "id", "-u").Succeeded();
        string[] done = [.. Numbered(traced.Stderr)];

        Assert.Equal("0\n", traced.Stdout);
        Assert.Equal(planned.Length, done.Length);
        Assert.Equal(planned, done);
    }

    [UserFact(Needs = Need.SubIds)]
    public void It_shows_the_map_as_the_kernel_has_it_the_new_namespaces_and_the_new_root()
    {
        string trace = Run("--trace", Host.AnyImage, "true").Succeeded().Stderr;
        string map = Run(Host.AnyImage, "cat", "/proc/self/uid_map").Succeeded().Stdout;
        string written = string.Join(", ", map.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        Assert.Contains($"=> uid_map: (empty) -> {written}\n", trace, StringComparison.Ordinal);
        Assert.Matches(@"=> ns/net: net:\[\d+\] -> net:\[\d+\]\n", trace);
        Assert.Contains("=> mountinfo: + /proc proc rw,nosuid,nodev,noexec,relatime\n", trace, StringComparison.Ordinal);
        Assert.Contains("=> Seccomp: 0 -> 2\n", trace, StringComparison.Ordinal);
        Assert.Contains("pivot_root(\".\", \".\") = 0\n", trace, StringComparison.Ordinal);
        Assert.Contains("= -1 ENOENT (no such file or directory)\n", trace, StringComparison.Ordinal); // execve along PATH
    }

    [UserFact]
    public void Json_is_an_object_on_each_line_with_durations()
    {
        string[] lines = Run("--trace=json", Host.AnyImage, "true").Succeeded().Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int number = 0;
        int timed = 0;
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.Equal(++number, json.RootElement.GetProperty("step").GetInt32());
            Assert.Equal(lines.Length, json.RootElement.GetProperty("of").GetInt32());
            timed += json.RootElement.TryGetProperty("nanoseconds", out JsonElement nanoseconds) && nanoseconds.GetInt64() > 0 ? 1 : 0;
        }

        // The last step, execve, has no end in the child.
        Assert.Equal(lines.Length - 1, timed);
    }

    [UserFact]
    public void A_step_that_fails_ends_the_trace_and_is_reported_as_ever()
    {
        RunResult result = Run("--trace", "-v", "/no/such/directory:/v", Host.AnyImage, "true");

        Assert.Equal(125, result.ExitCode);
        Assert.Contains("\"/no/such/directory\" does not exist", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("pivot_root", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void With_a_terminal_and_an_init_the_trace_goes_to_the_end()
    {
        RunResult result = Sandbox.Terminal(Identity.User, $"$CSRUN run -it --init --trace {Host.AnyImage} sh -c 'tty; echo pid $$' 2>&1");

        Assert.Contains("/dev/pts/0", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("pid 2", result.Stdout, StringComparison.Ordinal);
        Assert.Matches(@"execve\(""[^\n]*sh"", \[""sh"", ""-c"", [^\n]* = 0", result.Stdout);
    }

    [RootFact]
    public void Root_can_trace_too()
    {
        string trace = RunAs(Identity.Root, "--trace", Host.AnyImage, "true").Succeeded().Stderr;

        Assert.Contains("an ID-mapped mount of", trace, StringComparison.Ordinal);
        Assert.Contains("=> mountinfo: + / overlay rw,relatime", trace, StringComparison.Ordinal);
    }

    [UserFact]
    public void A_filter_that_csrun_does_not_know_ends_the_watching_and_not_the_container()
    {
        string directory = Sandbox.Directory(Identity.User);
        File.WriteAllText(Path.Combine(directory, "profile.json"), """
            { "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
              "syscalls": [ { "names": ["sendmsg", "clock_gettime"], "action": "SCMP_ACT_KILL_PROCESS" } ] }
            """);
        RunResult result = Run("--trace", "--security-opt", $"seccomp={directory}/profile.json", Host.AnyImage, "true").Succeeded();

        Assert.Contains("execve(", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void Create_is_followed_to_the_wait_for_start_and_start_works_then() => FollowsCreate(Identity.User);

    [RootFact]
    public void Roots_create_too() => FollowsCreate(Identity.Root);

    private void FollowsCreate(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity);
        string[] planned = [.. Numbered(Sandbox.Csrun(identity, "create", "--explain", "-b", bundle, "followed").Succeeded().Stdout)];
        Sandbox.Shell(identity, $"$CSRUN create --trace -b {bundle} followed </dev/null >{bundle}/out 2>{bundle}/trace").Succeeded();
        string[] done = [.. Numbered(File.ReadAllText(Path.Combine(bundle, "trace")))];

        // What comes after the wait is csrun start's to bring about: reports there, the byte, the command.
        Assert.Equal(planned[..^3], done);
        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "out")));
        Sandbox.Csrun(identity, "start", "followed").Printed("");
        Assert.Contains("\"running\"", Sandbox.Csrun(identity, "state", "followed").Succeeded().Stdout, StringComparison.Ordinal);
        Sandbox.Csrun(identity, "delete", "--force", "followed").Succeeded();
    }

    // "12. csrun: why" in a plan, " 12/160 csrun   0.123 ms  why" in a trace.
    private static IEnumerable<string> Numbered(string text) =>
        StepLine().Matches(text).Select(m => $"{m.Groups["number"].Value} {m.Groups["actor"].Value}");

    [GeneratedRegex(@"^ *(?<number>\d+)(\. (?<actor>csrun|child): |/\d+ (?<actor>csrun|child) )", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex StepLine();
}
