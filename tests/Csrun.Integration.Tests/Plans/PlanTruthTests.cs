using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>The plan that --explain=strace prints is what runs: compared with strace of the real run, call by call.</summary>
public sealed class PlanTruthTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserTheory(Needs = Need.RootTests | Need.Strace | Need.SubIds)]
    [InlineData("the default", "")]
    [InlineData("the caller's own IDs", "--userns keep-id")]
    [InlineData("a map without the caller", "--userns map=0:{SUBUID}:65536")]
    [InlineData("the host's network", "--network host")]
    [InlineData("volumes, a tmpfs and a read-only root", "-v {VOLUME}:/data -v {VOLUME}:/ro:ro,nosuid --tmpfs /scratch:size=1m,mode=1777 --read-only")]
    [InlineData("a volume that hears of the host's mounts", "-v {VOLUME}:/data:rbind,rslave,noexec")]
    [InlineData("init", "--init")]
    [InlineData("the background", "-d --rm")]
    [InlineData("the background, with input that never ends", "-d -i --rm")]
    [InlineData("no new privileges, after the user's change", "--security-opt no-new-privileges -u 1000:1000")]
    [InlineData("no filter, all limits", "--security-opt seccomp=unconfined --ulimit nofile=512:512 --ulimit core=0:0")]
    [InlineData("standard input, other capabilities, a working directory", "-i --cap-drop ALL --cap-add CHOWN -w /etc --hostname plan --security-opt unmask=ALL")]
    public void What_an_ordinary_user_runs_is_what_is_printed(string name, string options) => Compare(Identity.User, name, options, terminal: false);

    [UserFact(Needs = Need.RootTests | Need.Strace | Need.SubIds | Need.Script)]
    public void A_terminal_is_made_as_printed() => Compare(Identity.User, "a terminal", "-t", terminal: true);

    [NoSubIdsFact(Needs = Need.RootTests | Need.Strace)]
    public void A_user_without_subordinate_ids_gets_the_plan_that_is_printed() => Compare(Identity.NoSubIds, "a single ID", "", terminal: false);

    [RootTheory(Needs = Need.Strace)]
    [InlineData("no user namespace", "--userns host")]
    [InlineData("an ID-mapped root file system", "--userns private")]
    [InlineData("an ID-mapped volume", "--userns map=0:500000:65536 -v {VOLUME}:/data:idmap")]
    [InlineData("init, without a user namespace", "--userns host --init --network host")]
    public void What_root_runs_is_what_is_printed(string name, string options) => Compare(Identity.Root, name, options, terminal: false);

    [UserTheory(Needs = Need.RootTests | Need.Strace | Need.SubIds)]
    [InlineData("sysctl", """{"sysctl": {"net.ipv4.ip_forward": "1", "kernel.msgmax": "4096"}}""")]
    [InlineData("personality", """{"personality": {"domain": "LINUX32"}}""")]
    [InlineData("memory policy", """{"memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}}""")]
    [InlineData("propagation", """{"rootfsPropagation": "rshared"}""")]
    [InlineData("masks", """{"maskedPaths": ["/proc/keys", "/sys/firmware", "/etc/passwd", "/usr/share", "/not/there"], "readonlyPaths": ["/proc/sys", "/usr"]}""")]
    [InlineData("clocks", """{"timeOffsets": {"monotonic": {"secs": 86400}, "boottime": {"secs": 7200, "nanosecs": 5}}}""")]
    public void What_a_configuration_asks_for_is_done_as_printed(string name, string linux)
    {
        string file = ConfigFile.Write(Sandbox, Identity.User, linux);
        Compare(Identity.User, name, $"--config {file}", terminal: false);
    }

    [UserFact(Needs = Need.RootTests | Need.Strace | Need.SubIds)]
    public void Scheduling_is_done_as_printed()
    {
        string file = ConfigFile.Write(Sandbox, Identity.User, "{}", json =>
        {
            json["process"]!["scheduler"] = JsonNode.Parse("""{"policy": "SCHED_BATCH", "nice": 3, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}""");
            json["process"]!["ioPriority"] = JsonNode.Parse("""{"class": "IOPRIO_CLASS_BE", "priority": 7}""");
        });
        Compare(Identity.User, "scheduling", $"--config {file}", terminal: false);
    }

    [RootTheory(Needs = Need.Strace)]
    [InlineData("devices", """{"devices": [{"path": "/dev/my/null", "type": "c", "major": 1, "minor": 3, "fileMode": 384, "uid": 35, "gid": 36}, {"path": "/dev/fifo", "type": "p"}]}""")]
    [InlineData("access times", "{}", "noatime")]
    public void What_a_configuration_asks_for_is_done_as_printed_for_root(string name, string linux, string? bind = null)
    {
        string volume = Sandbox.Directory(Identity.Root);
        string file = ConfigFile.Write(Sandbox, Identity.Root, linux, json =>
        {
            if (bind is not null)
            {
                json["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/volume", ["type"] = "bind", ["source"] = volume, ["options"] = new JsonArray("rbind", "ro", bind) });
            }
        });
        Compare(Identity.Root, name, $"--config {file} --userns host", terminal: false);
    }

    private void Compare(Identity identity, string name, string options, bool terminal)
    {
        string volume = Sandbox.Directory(identity);
        string[] words = [.. options.Replace("{VOLUME}", volume, StringComparison.Ordinal)
            .Replace("{SUBUID}", $"{Host.Of(identity).SubUid}", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] command = [Host.AnyImage, "true", "an argument"];
        RunAs(identity, [.. words.Where(word => word != "-t"), .. command]).Succeeded(); // unpacks the image: a cold run does more than the plan

        string[] explain = ["run", "--explain=strace", .. words, .. command];
        RunResult printed = terminal
            ? Sandbox.Terminal(identity, $"stty rows 24 cols 80; $CSRUN {string.Join(' ', explain.Select(word => $"'{word}'"))}")
            : Sandbox.Csrun(identity, explain);
        TracedRun run = TracedRun.Start(Sandbox, identity, ["run", .. words, .. command], terminal);
        run.Result.Succeeded();
        IReadOnlyList<string> calls = run.ChildCalls();
        PlanComparison.AssertTrue(printed.Succeeded().Stdout, calls);
        Assert.True(calls.Count > 50, $"{name}: only {calls.Count} calls");
        AssertInit(words.Contains("--init"), printed.Stdout, run.InitCalls);
    }

    /// <summary>PID 1 of --init lives on beside the command: the plan prints its calls as a remark.</summary>
    private static void AssertInit(bool wanted, string plan, IReadOnlyList<string> calls)
    {
        Assert.Equal(wanted, calls.Count != 0);
        if (wanted)
        {
            Assert.Contains("# PID 1: close_range(3, 4294967295, 0); prctl(PR_SET_NAME, \"csrun-init\");", plan, StringComparison.Ordinal);
            Assert.StartsWith("close_range(3, 4294967295, 0)", calls[0], StringComparison.Ordinal);
            Assert.StartsWith("prctl(PR_SET_NAME, \"csrun-init\")", calls[1], StringComparison.Ordinal);
            Assert.All(calls.Skip(2), call => Assert.Contains(call[..call.IndexOf('(', StringComparison.Ordinal)], (string[])["rt_sigtimedwait", "wait4", "kill", "exit_group"]));
        }
    }
}
