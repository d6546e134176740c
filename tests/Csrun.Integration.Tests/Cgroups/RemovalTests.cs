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

    // Without a PID namespace of their own the kernel ends no others with the first process (pid_namespaces(7)).
    [RootTheory(Needs = Need.Cgroups)]
    [InlineData("host", "kill")]
    [InlineData("host", "kill, first process gone")]
    [InlineData("host", "kill, paused")]
    [InlineData("host", "delete")]
    [InlineData("host", "delete --force")]
    [InlineData("host", "rm -f")]
    [InlineData("path", "kill")]
    [InlineData("path", "kill, first process gone")]
    [InlineData("path", "delete")]
    public void Of_a_shared_pid_namespace_the_containers_processes_end_and_no_others(string pid, string way)
    {
        string other = DetachedAs(Identity.Root, Host.AnyImage, "sleep", "1000");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            config["process"]!["args"] = new JsonArray("sh", "-c", "sleep 1001 & sleep 1002 & exec sleep 1003");
            JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
            namespaces.RemoveAt(0);
            if (pid == "path")
            {
                namespaces.Add(new JsonObject { ["type"] = "pid", ["path"] = $"/proc/{Pid(other, Identity.Root)}/ns/pid" });
            }
        });
        string id = $"shared-{pid}-{way.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-')}";
        Sandbox.Shell(Identity.Root, $"$CSRUN create -b {bundle} {id} </dev/null >/dev/null 2>&1 && $CSRUN start {id}").Succeeded();
        string[] groups = Groups(id);
        WaitFor(() => Processes(groups[0]).Length == 3);
        int[] processes = Processes(groups[0]);
        using System.Diagnostics.Process bystander = Sandbox.Start(Identity.Root, ["/bin/sleep", "1000"]);
        switch (way)
        {
            case "kill, paused":
                Sandbox.Csrun(Identity.Root, "pause", id).Succeeded();
                break;
            case "kill, first process gone" or "delete" or "delete --force":
                int first = Pid(id, Identity.Root);
                Tool.Check("kill", "-9", $"{first}");
                WaitFor(() => HasEnded(first));
                Assert.Equal(2, Processes(groups[0]).Length);
                if (way[0] == 'k')
                {
                    Sandbox.Csrun(Identity.Root, "kill", id, "TERM").Refused(125, "container not running");
                }

                break;
        }

        Sandbox.Csrun(Identity.Root, [.. way.Split(',')[0].Split(' '), id, .. way[0] == 'k' ? ["KILL"] : Array.Empty<string>()]).Succeeded();
        WaitFor(() => processes.All(HasEnded));
        if (way[0] == 'k')
        {
            WaitFor(() => Status(id, Identity.Root) == "stopped");
            Sandbox.Csrun(Identity.Root, "kill", id, "KILL").Refused(125, "container not running");
            Sandbox.Csrun(Identity.Root, "delete", id).Succeeded();
        }

        AssertGone(id, processes[0], groups);
        Assert.False(bystander.HasExited);
        Assert.Equal("running", Status(other, Identity.Root));
        bystander.Kill();
    }

    [RootTheory(Needs = Need.Cgroups)]
    [InlineData("kill")]
    [InlineData("rm -f")]
    public void In_the_hosts_pid_namespace_what_runs_in_the_background_ends_with_its_first_process(string way)
    {
        string config = Path.Combine(Sandbox.Directory(Identity.Root), "config.json");
        File.WriteAllText(config, """
            {
              "ociVersion": "1.2.0", "root": { "path": "rootfs" }, "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "args": ["true"], "env": ["PATH=/bin:/usr/bin"] },
              "mounts": [ { "destination": "/dev", "type": "tmpfs", "source": "tmpfs" } ], "linux": { "namespaces": [ { "type": "mount" } ] }
            }
            """);
        string id = DetachedAs(Identity.Root, "--config", config, Host.AnyImage, "sh", "-c", "sleep 1001 & exec sleep 1003");
        string[] groups = Groups(id);
        WaitFor(() => Processes(groups[0]).Length == 2);
        int[] processes = Processes(groups[0]);
        using System.Diagnostics.Process bystander = Sandbox.Start(Identity.Root, ["/bin/sleep", "1000"]);
        Sandbox.Csrun(Identity.Root, [.. way.Split(' '), id]).Succeeded();
        WaitFor(() => processes.All(HasEnded));
        Sandbox.Csrun(Identity.Root, "delete", "--force", id).Succeeded();
        AssertGone(id, processes[0], groups);
        Assert.False(bystander.HasExited);
        bystander.Kill();
    }

    private static void WaitFor(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(5)));

    private static int[] Processes(string group) => [.. File.ReadAllLines($"{group}/cgroup.procs").Select(int.Parse)];

    // The kernel shows a process that was killed until whoever made it, or init, has reaped it.
    private static bool HasEnded(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    private string[] Groups(string id) =>
        [.. Inspect(id, Identity.Root).GetProperty("cgroup").GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("mount").GetString() + g.GetProperty("path").GetString())];

    private void AssertGone(string id, int pid, string[] groups)
    {
        Assert.True(HasEnded(pid), $"{pid} lives");
        Assert.All(groups, group => Assert.False(Directory.Exists(group), group));
        Assert.DoesNotContain(id, All(groups.Length == 0 ? Identity.User : Identity.Root));
    }
}
