using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Cgroups;

/// <summary>What a container is told that has reached its memory limit: before its command begins, and after.</summary>
public sealed class MemoryLimitTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [RootTheory(Needs = Need.Cgroups)]
    [InlineData(4096)]
    [InlineData(16384)]
    public void Create_with_a_limit_too_low_to_start_names_it(int limit)
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["linux"]!["resources"] = Memory(limit));
        // Whether it is create's share of the work or start's that is one page too much, the kernel decides.
        RunResult result = Sandbox.Shell(Identity.Root, $"$CSRUN create -b {bundle} low{limit} </dev/null >/dev/null && $CSRUN start low{limit}; code=$?; $CSRUN delete --force low{limit}; exit $code");
        result.Refused(125, "killed before its command began", $"is {limit / 4096 * 4096} bytes", "--memory");
        Assert.Equal("csrun: ", result.Stderr[..7]);
        Sandbox.Csrun(Identity.Root, "list", "-q").Printed("");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Run_with_a_limit_too_low_to_start_names_it_and_leaves_nothing()
    {
        string config = ConfigFile.Write(Sandbox, Identity.Root, $$"""{ "resources": {{Memory(65536).ToJsonString()}} }""");
        RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        RunAs(Identity.Root, "--config", config, Host.AnyImage, "true").Refused(125, "killed before its command began", "is 65536 bytes");
        RunAs(Identity.Root, "-d", "--config", config, Host.AnyImage, "true").Refused(125, "killed before its command began", "is 65536 bytes");
        leftovers.AssertNone();
        RunAs(Identity.Root, "--memory", "5m", Host.AnyImage, "true").Refused(125, "--memory \"5m\"", "6m is the least");
        RunAs(Identity.Root, "--memory", "6m", Host.AnyImage, "echo", "ran").Printed("ran");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_command_that_is_killed_later_has_its_exit_code_and_no_message() =>
        Assert.Equal((137, ""), RunAs(Identity.Root, "--memory", "16m", "--memory-swap", "16m", Host.AnyImage, "sh", "-c", "exec tail -c 33554432 /dev/zero") is var killed ? (killed.ExitCode, Messages(killed)) : default);

    [RootFact(Needs = Need.Cgroups)]
    public void Events_tell_of_a_process_that_the_kernel_killed()
    {
        string id = DetachedAs(Identity.Root, "--memory", "16m", "--memory-swap", "16m", Host.AnyImage, "sleep", "1000");
        using Process events = Sandbox.Start(Identity.Root, [Host.Csrun, "events", "--interval", "60s", id]);
        Assert.Equal("stats", Type(events.StandardOutput.ReadLine()!));
        Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", "tail -c 33554432 /dev/zero; true").Succeeded();
        Assert.Equal("oom", Type(events.StandardOutput.ReadLine()!));
        Sandbox.Csrun(Identity.Root, "kill", id).Succeeded();
        Tool.Finish(events, null, Tool.Patience).Succeeded();
    }

    private static string Type(string line) => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!;

    // Root without subordinate IDs is told which IDs its containers have.
    private static string Messages(RunResult result) => string.Join('\n', result.Stderr.Split('\n').Where(line => line.StartsWith("csrun: ", StringComparison.Ordinal) && !line.StartsWith("csrun: note:", StringComparison.Ordinal)));

    private static JsonObject Memory(int limit) => new() { ["memory"] = new JsonObject { ["limit"] = limit } };
}
