using System.Text.Json;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>What --explain prints, what --trace reports and what strace(1) sees are the same steps and calls, for each kind of container.</summary>
public sealed partial class SameThreeWaysTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [RootTheory(Needs = Need.Strace | Need.Script)]
    [InlineData(Identity.User, "rootless", "")]
    [InlineData(Identity.Root, "root", "--userns private")]
    [InlineData(Identity.Root, "root of the host", "--userns host")]
    [InlineData(Identity.NoSubIds, "one ID", "")]
    [InlineData(Identity.User, "keep-id", "--userns keep-id")]
    [InlineData(Identity.User, "nomap", "--userns nomap")]
    [InlineData(Identity.User, "host network", "--network host")]
    [InlineData(Identity.User, "volumes", "-v {VOLUME}:/data -v {VOLUME}:/ro:ro --tmpfs /scratch:size=1m")]
    [InlineData(Identity.Root, "idmap", "--userns map=0:500000:65536 -v {VOLUME}:/data:idmap")]
    [InlineData(Identity.User, "tty", "-t")]
    [InlineData(Identity.User, "init", "--init")]
    [InlineData(Identity.User, "exec", "exec -u 33 -w /tmp")]
    [InlineData(Identity.User, "read-only", "--read-only")]
    [InlineData(Identity.User, "seccomp off", "--security-opt seccomp=unconfined")]
    public void Explain_trace_and_strace_agree(Identity identity, string name, string options)
    {
        string[] words = [.. options.Replace("{VOLUME}", Sandbox.Directory(identity), StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        bool terminal = words.Contains("-t"), exec = words is ["exec", ..];
        RunAs(identity, Host.AnyImage, "true").Succeeded(); // unpacks the image: a cold run does more than the plan
        string[] verb = exec ? ["exec"] : ["run"];
        string[] rest = exec
            ? [.. words[1..], DetachedAs(identity, Host.AnyImage, "sleep", "1000"), "true", "an argument"]
            : [.. words, Host.AnyImage, "true", "an argument"];

        string plan = Start(identity, terminal, [.. verb, "--explain=strace", .. rest]).Succeeded().Stdout;
        TracedRun run = TracedRun.Start(Sandbox, identity, [.. verb, .. rest], terminal);
        run.Result.Succeeded();
        IReadOnlyList<string> calls = exec ? run.JoinedCalls() : run.ChildCalls();
        PlanComparison.AssertTrue(plan, calls);
        Assert.True(calls.Count > 15, $"{name}: only {calls.Count} calls");

        RunResult document = Start(identity, terminal, [.. verb, "--explain=json", .. rest]).Succeeded();
        RunResult trace = Start(identity, terminal, [.. verb, "--trace=json", .. rest]).Succeeded();
        using JsonDocument explained = JsonDocument.Parse(document.Stdout);
        Assert.Equal(
            explained.RootElement.GetProperty("steps").EnumerateArray().Select(Step),
            (terminal ? trace.Stdout : trace.Stderr).Split('\n').Where(line => line.StartsWith("{\"step\":", StringComparison.Ordinal)).Select(line => Step(JsonDocument.Parse(line).RootElement)));
    }

    private RunResult Start(Identity identity, bool terminal, string[] args) => terminal
        ? Sandbox.Terminal(identity, $"stty rows 24 cols 80; $CSRUN {string.Join(' ', args.Select(word => $"'{word}'"))}")
        : Sandbox.Csrun(identity, args);

    /// <summary>A step without what differs from run to run: the container's ID and name, results, and the candidates after the execve that succeeded.</summary>
    private static string Step(JsonElement step)
    {
        string operation = string.Join('\n', step.GetProperty("calls").EnumerateArray().Select(c => Result().Replace(c.GetString()!, "")));
        string calls = operation.Contains("execve(", StringComparison.Ordinal) ? "execve" : ContainerId().Replace(operation, "ID");
        return $"{step.GetProperty("step").GetInt32()} {step.GetProperty("actor").GetString()}: {step.GetProperty("why").GetString()}\n{calls}";
    }

    [GeneratedRegex(@"(?<=\)|\.\.\.) (= -?\d+.*|\(not made\))$")]
    private static partial Regex Result();

    [GeneratedRegex("[0-9a-f]{64}|(?<=\"|\\\\t)[0-9a-f]{12}(?=\"|\\\\n)")]
    private static partial Regex ContainerId();
}
