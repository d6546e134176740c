using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Cgroups;

/// <summary>rm and delete of containers that have not ended: one removal, which thaws, kills, runs the poststop hooks and leaves nothing.</summary>
public sealed class RemovalTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [RootFact(Needs = Need.Cgroups)]
    public void Rm_wants_f_for_a_paused_container_and_removes_it_then()
    {
        string id = DetachedAs(Identity.Root, Host.AnyImage, "sleep", "1000");
        string[] groups = Groups(id);
        int pid = Pid(id, Identity.Root);
        Sandbox.Csrun(Identity.Root, "pause", id).Succeeded();
        Sandbox.Csrun(Identity.Root, "rm", id).Refused(125, "it is paused", $"csrun rm -f {id[..12]}");
        Sandbox.Csrun(Identity.Root, "rm", "-f", id).Printed(id);
        AssertGone(id, pid, groups);
    }

    [RootTheory(Needs = Need.Cgroups)]
    [InlineData("running", "delete")]
    [InlineData("running", "rm")]
    [InlineData("created", "delete")]
    [InlineData("created", "rm")]
    public void By_force_a_paused_container_of_an_engine_ends_and_its_hooks_run(string status, string verb)
    {
        string log = Path.Combine(Sandbox.Directory(Identity.Root), "log");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["hooks"] = new JsonObject
        {
            ["poststop"] = new JsonArray(new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"cat > {log}") }),
        });
        string id = $"frozen-{status}-{verb}";
        Sandbox.Shell(Identity.Root, $"$CSRUN create -b {bundle} {id} </dev/null >/dev/null 2>&1").Succeeded();
        if (status == "running")
        {
            Sandbox.Csrun(Identity.Root, "start", id).Succeeded();
        }

        int pid = Pid(id, Identity.Root);
        string[] groups = Groups(id);
        Sandbox.Csrun(Identity.Root, "pause", id).Succeeded();
        if (status == "running")
        {
            Sandbox.Csrun(Identity.Root, verb, id).Refused(125, "paused");
        }

        Sandbox.Csrun(Identity.Root, verb, "--force", id).Succeeded();
        AssertGone(id, pid, groups);
        Assert.Equal("stopped", JsonDocument.Parse(File.ReadAllText(log)).RootElement.GetProperty("status").GetString());
    }

    [UserFact]
    public void Rm_takes_what_was_created_and_never_started()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User);
        Sandbox.Shell(Identity.User, $"$CSRUN create -b {bundle} waits </dev/null >/dev/null 2>&1").Succeeded();
        int pid = Pid("waits");
        Csrun("rm", "waits").Printed("waits");
        AssertGone("waits", pid, []);
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_group_that_is_somebodys_is_refused_and_its_processes_live()
    {
        string other = DetachedAs(Identity.Root, Host.AnyImage, "sleep", "1000");
        string path = Inspect(other, Identity.Root).GetProperty("cgroup").GetProperty("groups")[0].GetProperty("path").GetString()!;
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["linux"]!["cgroupsPath"] = path);
        Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "intruder").Refused(125, path, "is in use");
        Sandbox.Csrun(Identity.Root, "delete", "--force", "intruder").Succeeded();
        Assert.All(Groups(other), group => Assert.True(Directory.Exists(group), group));
        Assert.Equal("running", Status(other, Identity.Root));
    }

    private string[] Groups(string id) =>
        [.. Inspect(id, Identity.Root).GetProperty("cgroup").GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("mount").GetString() + g.GetProperty("path").GetString())];

    private void AssertGone(string id, int pid, string[] groups)
    {
        // The kernel shows a process that was killed until whoever made it, or init, has reaped it.
        string state = File.Exists($"/proc/{pid}/stat") ? File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][..1] : "Z";
        Assert.Equal("Z", state);
        Assert.All(groups, group => Assert.False(Directory.Exists(group), group));
        Assert.DoesNotContain(id, All(groups.Length == 0 ? Identity.User : Identity.Root));
    }
}
