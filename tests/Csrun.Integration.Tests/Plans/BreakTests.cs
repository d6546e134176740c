using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>--break: a launch without a step, and what goes wrong then; safely.</summary>
public sealed class BreakTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    /// <summary>Steps without which the launch fails: which step notices, with which errno. The cause is named as what it is.</summary>
    [UserTheory(Needs = Need.SubIds)]
    [InlineData("write-id-maps", "setgroups\\(0, NULL\\): EPERM", "newuidmap PID 0 ")]
    [InlineData("unshare", "mount\\(NULL, \"/\", NULL, .*\\): EPERM", "unshare(CLONE_NEWNS|")]
    [InlineData("the new root file system", "EBADF", "fsopen(\"overlay\"")]
    [InlineData("the image's tree", "EBADF", "openat2(AT_FDCWD, ")]
    [InlineData("under the number that the options name", "ENOENT", "dup3(<upper>, 201, O_CLOEXEC)")]
    [InlineData("the root file system, attached", "pivot_root\\(\".\", \".\"\\): EINVAL", "move_mount(<rootfs>")]
    [InlineData("mkdir: upper", "ENOENT", "mkdirat(<layer>, \"upper\"")]
    public void The_launch_fails_and_says_that_a_step_was_left_out(string step, string failure, string leftOut)
    {
        Run(Host.AnyImage, "true").Succeeded();
        Leftovers before = Leftovers.Before(Sandbox, Identity.User);
        RunResult result = Run("--break", Named(step), Host.AnyImage, "true");

        Assert.Equal(125, result.ExitCode);
        Assert.Matches($@"(?m)^csrun: step \d+ of \d+, .*{failure}", result.Stderr);
        Assert.Contains("  why: step ", result.Stderr, StringComparison.Ordinal);
        Assert.Contains($"was left out on purpose (--break): {leftOut}", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("  fix: the same command without --break\n", result.Stderr, StringComparison.Ordinal);
        before.AssertNone();
    }

    /// <summary>Steps without which the launch succeeds: what the command sees is different, and was foretold.</summary>
    [UserTheory]
    [InlineData("seccomp", "grep Seccomp: /proc/self/status", "^Seccomp:\\s+0$", "every system call")]
    [InlineData("capability-bounding", "grep CapEff /proc/self/status", "^CapEff:\\s+000001ffffffffff$", "every capability")]
    [InlineData("loopback", "cat /sys/class/net/lo/operstate", "^down$", "127.0.0.1")]
    [InlineData("reset-signals", "grep SigBlk /proc/self/status", "^SigBlk:\\s+f+", "SIGKILL ends it")]
    [InlineData("modes of the files that the command makes", "umask", "^0000$", "umask 0")]
    [InlineData("working-directory", "pwd", "^/$", "starts in the container's /", "-w", "/tmp")]
    [InlineData("fork-init", "echo $$", "^1$", "reaps", "--init")]
    [InlineData("symlink: stdin", "ls -d /dev/stdin 2>&1 || true", "No such file", "do not find it")]
    [InlineData("propagation", "echo runs", "^runs$", "the host makes later")]
    [InlineData("capset", "echo runs", "^runs$", "until execve")]
    [InlineData("set-ids", "echo runs", "^runs$", "stays who it is")]
    public void The_command_runs_and_misses_what_was_left_out(string step, string script, string printed, string foretold, params string[] options)
    {
        RunResult result = Run([.. options, "--break", Named(step, options), Host.AnyImage, "sh", "-c", script]).Succeeded();

        Assert.Matches($"(?m){printed}", result.Stdout);
        Assert.DoesNotMatch($"(?m){printed}", step is "propagation" or "capset" or "set-ids" ? "" : Run([.. options, Host.AnyImage, "sh", "-c", script]).Stdout);
        Assert.Matches(@"(?m)^csrun: note: step \d+ is left out \(--break\): ", result.Stderr);
        Assert.Matches($"(?m)^  without it: .*{foretold}", result.Stderr);
    }

    [UserTheory]
    [InlineData("pivot-root", "host's file system")]
    [InlineData("fchdir", "a directory of the host")]
    [InlineData("setsid", "TIOCSTI")]
    [InlineData("session-keyring", "the keys of your session")]
    [InlineData("await-barrier", "how csrun and the child find each other")]
    [InlineData("clone", "how csrun and the child find each other")]
    [InlineData("execve", "nothing to run")]
    [InlineData("prctl", "leaves nothing behind")]
    [InlineData("9999", "the plan has the steps 1 to ")]
    [InlineData("secomp", "close to it: seccomp")]
    [InlineData("", "the value is empty")]
    public void What_would_touch_the_host_is_refused_before_anything_runs(string step, string reason) =>
        Run("--break", step, Host.AnyImage, "echo", "ran").Refused(125, reason);

    [UserFact]
    public void A_read_only_volume_stays_read_only()
    {
        string directory = Sandbox.Directory(Identity.User);
        Run("--break", "mount-setattr", "-v", $"{directory}:/data:ro", Host.AnyImage, "touch", "/data/written").Refused(125, "read-only volume");
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory));
    }

    [UserFact]
    public void The_plan_shows_what_is_left_out_and_the_trace_too()
    {
        string plan = Run("--explain", "--break", "seccomp", Host.AnyImage, "true").Succeeded().Stdout;
        string trace = Run("--trace", "--break", "seccomp", Host.AnyImage, "true").Succeeded().Stderr;

        Assert.Contains("# left out: seccomp(", plan, StringComparison.Ordinal);
        Assert.Contains("# left out: seccomp(", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("=> Seccomp: 0 -> 2", trace, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("set-ids", "csrun is run by root")]
    [InlineData("umask", "csrun is run by root")]
    [InlineData("close-descriptors", "csrun is run by root")]
    [InlineData("propagation", "no user namespace of its own", "--userns", "host")]
    [InlineData("unshare", "no user namespace of its own", "--userns", "host")]
    [InlineData("seccomp", "no user namespace of its own", "--userns", "host")]
    [InlineData("open", "no user namespace of its own", "--userns", "host")]
    public void As_root_more_is_refused(string step, string reason, params string[] options)
    {
        string before = HostState();
        RunAs(Identity.Root, [.. options, "--break", step, Host.AnyImage, "true"]).Refused(125, reason);
        Assert.Equal(before, HostState());
    }

    [RootTheory]
    [InlineData("write-id-maps", 125)]
    [InlineData("unshare", 125)]
    [InlineData("propagation", 0)]
    [InlineData("seccomp", 0)]
    [InlineData("loopback", 0)]
    public void What_root_may_leave_out_does_nothing_to_the_host(string step, int code)
    {
        RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        string before = HostState();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        RunAs(Identity.Root, "--break", step, "--hostname", "broken", Host.AnyImage, "true").Exited(code);

        Assert.Equal(before, HostState());
        leftovers.AssertNone();
    }

    private static string HostState() => File.ReadAllText("/proc/self/mountinfo") + Environment.MachineName + Environment.CurrentDirectory;

    /// <summary>A step by its operation's name, or its number where only its reason tells it from others.</summary>
    private string Named(string step, params string[] options)
    {
        if (!step.Contains(' ', StringComparison.Ordinal))
        {
            return step;
        }

        JsonElement[] steps = [.. JsonDocument.Parse(Run([.. options, "--explain=json", Host.AnyImage, "true"]).Succeeded().Stdout).RootElement.GetProperty("steps").EnumerateArray()];
        JsonElement found = step switch
        {
            "the new root file system" => steps.Single(s => Calls(s).StartsWith("fsopen(\"overlay\"", StringComparison.Ordinal)),
            "the root file system, attached" => steps.Single(s => s.GetProperty("why").GetString() == "attached, so that it can become the root"),
            "mkdir: upper" => steps.Single(s => Calls(s).Contains("\"upper\"", StringComparison.Ordinal) && Calls(s).StartsWith("mkdirat", StringComparison.Ordinal)),
            "symlink: stdin" => steps.Single(s => Calls(s).StartsWith("symlinkat", StringComparison.Ordinal) && Calls(s).Contains("\"stdin\"", StringComparison.Ordinal)),
            _ => steps.First(s => s.GetProperty("why").GetString()!.StartsWith(step, StringComparison.Ordinal)),
        };
        return found.GetProperty("step").GetRawText();
    }

    private static string Calls(JsonElement step) => step.GetProperty("calls")[0].GetString()!;
}
