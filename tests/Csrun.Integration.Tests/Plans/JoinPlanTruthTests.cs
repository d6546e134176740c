using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>The plan that exec --explain=strace prints is what runs: compared with strace of the real exec, call by call.</summary>
public sealed class JoinPlanTruthTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [UserTheory(Needs = Need.RootTests | Need.Strace | Need.SubIds)]
    [InlineData("", "")]
    [InlineData("--userns keep-id", "-i")]
    [InlineData("--userns map=0:{SUBUID}:65536", "-u 33:33 -w /tmp -e A=B")]
    [InlineData("--init --network host --security-opt no-new-privileges --ulimit nofile=512:512", "")]
    [InlineData("--security-opt seccomp=unconfined --cap-drop ALL", "-d")]
    public void What_an_ordinary_user_runs_is_what_is_printed(string run, string exec) => Compare(Identity.User, run, exec, terminal: false);

    [UserFact(Needs = Need.RootTests | Need.Strace | Need.SubIds | Need.Script)]
    public void A_terminal_is_made_as_printed() => Compare(Identity.User, "", "-t", terminal: true);

    [NoSubIdsFact(Needs = Need.RootTests | Need.Strace)]
    public void A_user_with_one_id_runs_what_is_printed() => Compare(Identity.NoSubIds, "", "", terminal: false);

    [RootTheory(Needs = Need.Strace)]
    [InlineData("", "")]
    [InlineData("--userns host", "-u 33")]
    public void What_root_runs_is_what_is_printed(string run, string exec) => Compare(Identity.Root, run, exec, terminal: false);

    [UserFact(Needs = Need.RootTests | Need.Strace | Need.SubIds)]
    public void A_process_is_scheduled_as_printed()
    {
        string file = ConfigFile.Write(Sandbox, Identity.User, """{"memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0"}}""", json =>
        {
            json["process"]!["scheduler"] = JsonNode.Parse("""{"policy": "SCHED_BATCH", "nice": 3}""");
            json["process"]!["ioPriority"] = JsonNode.Parse("""{"class": "IOPRIO_CLASS_IDLE", "priority": 0}""");
            json["process"]!["execCPUAffinity"] = JsonNode.Parse("""{"initial": "0", "final": "0"}""");
        });
        Compare(Identity.User, $"--config {file}", "", terminal: false);
    }

    private void Compare(Identity identity, string run, string exec, bool terminal)
    {
        string id = DetachedAs(identity, [.. run.Replace("{SUBUID}", $"{Host.Of(identity).SubUid}", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries), Host.AnyImage, "sleep", "1000"]);
        string[] words = exec.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] command = [id, "true", "an argument"];
        string[] explain = ["exec", "--explain=strace", .. words, .. command];
        RunResult printed = terminal
            ? Sandbox.Terminal(identity, $"stty rows 24 cols 80; $CSRUN {string.Join(' ', explain.Select(word => $"'{word}'"))}")
            : Sandbox.Csrun(identity, explain);
        TracedRun traced = TracedRun.Start(Sandbox, identity, ["exec", .. words, .. command], terminal);
        traced.Result.Succeeded();
        IReadOnlyList<string> calls = traced.JoinedCalls();
        PlanComparison.AssertTrue(printed.Succeeded().Stdout, calls);
        Assert.True(calls.Count > 15, $"only {calls.Count} calls");
    }
}
