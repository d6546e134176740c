using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>SCMP_ACT_NOTIFY: an agent gets the listener of the filter, and decides.</summary>
public sealed class SeccompNotifyTests(Sandbox sandbox) : BundleTest(sandbox)
{
    // Calls that csrun's own child makes once the filter is loaded: it must not wait for an agent that has nothing yet.
    private static readonly string[] s_ofTheLaunch = ["sendmsg", "write", "read", "wait4", "prctl", "setresuid", "capset", "close_range", "openat2", "execve", "ppoll"];

    [UserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_users_agent_answers(bool noNewPrivileges) => Answers(Identity.User, noNewPrivileges, []);

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Roots_agent_answers(bool noNewPrivileges) => Answers(Identity.Root, noNewPrivileges, []);

    [UserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_of_the_launch_itself_are_asked_about_too(bool noNewPrivileges) => Answers(Identity.User, noNewPrivileges, s_ofTheLaunch);

    [UserFact]
    public void Runs_agent_answers()
    {
        string socket = Socket();
        using SeccompAgent agent = new(socket);
        string bundle = Make(Identity.User, socket, noNewPrivileges: true, null);
        RunResult result = Sandbox.Csrun(Identity.User, "run", "--config", $"{bundle}/config.json", "--rootfs", new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!);
        result.Printed("end");
        Assert.Contains(SeccompAgent.Answer, result.Stderr, StringComparison.Ordinal);
        Check(agent.Next(), "creating");
    }

    [UserFact]
    public void Without_an_agent_nothing_is_made()
    {
        string bundle = Make(Identity.User, Socket(), noNewPrivileges: true, []);
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "alone").Refused(125, "$.linux.seccomp.listenerPath", "agent");
        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
    }

    private void Answers(Identity identity, bool noNewPrivileges, string[] more)
    {
        string socket = Socket();
        using SeccompAgent agent = new(socket);
        string bundle = Make(identity, socket, noNewPrivileges, more);
        Create(identity, bundle, "asked");
        JsonElement state = agent.Next();
        Check(state, "creating");
        int pid = State(identity, "asked").GetProperty("pid").GetInt32();
        Assert.Equal(pid, state.GetProperty("pid").GetInt32());
        Assert.Equal("asked", state.GetProperty("state").GetProperty("id").GetString());
        Assert.Equal(bundle, state.GetProperty("state").GetProperty("bundle").GetString());
        Assert.Equal("value", state.GetProperty("state").GetProperty("annotations").GetProperty("org.example.key").GetString());
        // Nothing of the helper that handed the listener over is left for the command to find.
        Assert.Equal("", File.ReadAllText($"/proc/{pid}/task/{pid}/children"));

        Sandbox.Csrun(identity, "start", "asked").Printed("");
        for (int i = 0; i < 100 && File.ReadAllText(Path.Combine(bundle, "out")) != "end\n"; i++)
        {
            Thread.Sleep(20);
        }

        Assert.Contains(SeccompAgent.Answer, File.ReadAllText(Path.Combine(bundle, "err")), StringComparison.Ordinal);
        RunResult exec = Sandbox.Csrun(identity, "exec", "asked", "sh", "-c", "mkdir /tmp/x; ls /proc/self/fd | tr -d '\n'").Exited(0);
        Assert.Equal("0123", exec.Output); // 3 is ls's own
        Assert.Contains(SeccompAgent.Answer, exec.Stderr, StringComparison.Ordinal);
        JsonElement further = agent.Next();
        Check(further, "running");
        Assert.NotEqual(pid, further.GetProperty("pid").GetInt32());
        Assert.Equal(pid, further.GetProperty("state").GetProperty("pid").GetInt32());
    }

    private static void Check(JsonElement state, string status)
    {
        Assert.StartsWith("1.", state.GetProperty("ociVersion").GetString(), StringComparison.Ordinal);
        Assert.Equal("seccompFd", Assert.Single(state.GetProperty("fds").EnumerateArray()).GetString());
        Assert.Equal("for the agent", state.GetProperty("metadata").GetString());
        Assert.Equal(status, state.GetProperty("state").GetProperty("status").GetString());
    }

    private string Socket() => Path.Combine(Sandbox.Directory(Identity.User), "agent");

    private string Make(Identity identity, string socket, bool noNewPrivileges, string[]? more) => Bundles.Make(Sandbox, identity, config =>
    {
        Args(config, "sh", "-c", "mkdir /tmp/x; echo end; exec sleep $SLEEP");
        config["process"]!["env"]!.AsArray().Add($"SLEEP={(more is null ? 0 : 100)}");
        config["process"]!["noNewPrivileges"] = noNewPrivileges;
        config["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = socket,
            ["listenerMetadata"] = "for the agent",
            ["syscalls"] = new JsonArray(new JsonObject { ["names"] = new JsonArray([.. new[] { "mkdir", "mkdirat" }.Concat(more ?? []).Select(n => (JsonNode)n)]), ["action"] = "SCMP_ACT_NOTIFY" }),
        };
    });
}
