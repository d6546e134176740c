using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Cgroups;

/// <summary>Control groups as root, whatever the host's layout: limits that hold, what is counted, what is frozen, and that nothing stays.</summary>
public sealed class CgroupTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    private const int Mebibyte = 1 << 20;

    [RootFact(Needs = Need.Cgroups)]
    public void Limits_are_set_and_the_groups_go_with_the_container()
    {
        string id = Background("--memory", "64m", "--cpus", "0.5", "--cpu-shares", "512", "--pids-limit", "50", Host.AnyImage, "sleep", "1000");
        string memory = Group(id, "memory"), cpu = Group(id, "cpu"), pids = Group(id, "pids");
        bool v2 = File.Exists($"{memory}/cgroup.controllers");
        Assert.Equal($"{64 * Mebibyte}", Read(memory, v2 ? "memory.max" : "memory.limit_in_bytes"));
        Assert.Equal(v2 ? $"{64 * Mebibyte}" : $"{128 * Mebibyte}", Read(memory, v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes"));
        Assert.Equal("50", Read(pids, "pids.max"));
        Assert.Equal(v2 ? "50000 100000" : "50000", Read(cpu, v2 ? "cpu.max" : "cpu.cfs_quota_us"));
        Assert.Equal(v2 ? "20" : "512", Read(cpu, v2 ? "cpu.weight" : "cpu.shares"));
        Assert.Contains($"{Pid(id, Identity.Root)}", Read(pids, "cgroup.procs").Split('\n'));
        Sandbox.Csrun(Identity.Root, "rm", "-f", id).Succeeded();
        Assert.All([memory, cpu, pids], group => Assert.False(Directory.Exists(group), group));
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_container_that_takes_too_much_memory_is_killed_and_one_within_is_not()
    {
        const string Take = "head -c 33554432 /dev/zero | tail -c 33554432 > /dev/null";
        RunAs(Identity.Root, "--memory", "128m", "--memory-swap", "128m", Host.AnyImage, "sh", "-c", Take).Succeeded();
        RunResult killed = RunAs(Identity.Root, "--memory", "16m", "--memory-swap", "16m", Host.AnyImage, "sh", "-c", Take);
        Assert.NotEqual(0, killed.ExitCode);
    }

    [RootFact(Needs = Need.Cgroups)]
    public void No_more_processes_than_allowed() =>
        Assert.Contains("fork", RunAs(Identity.Root, "--pids-limit", "3", Host.AnyImage, "sh", "-c", "for i in 1 2 3 4 5; do sleep 3 & done; echo all").Stderr, StringComparison.Ordinal);

    // As systemd, or an engine, in a container does it: a group that hands controllers down takes no processes itself.
    [RootFact(Needs = Need.Cgroups)]
    public void A_further_process_goes_where_the_first_one_is()
    {
        string mount = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
        string controller = File.Exists($"{mount}/cgroup.subtree_control") ? File.ReadAllText($"{mount}/cgroup.subtree_control").Split([' ', '\n'])[0] : "";
        if (controller.Length == 0)
        {
            return; // version 1 alone, or a version 2 that hands nothing down: there is nothing to see
        }

        string id = Background("--pids-limit", "50", Host.AnyImage, "sleep", "1000");
        string group = mount + V2Group(Pid(id, Identity.Root).ToString());
        Directory.CreateDirectory($"{group}/init");
        File.WriteAllText($"{group}/init/cgroup.procs", $"{Pid(id, Identity.Root)}");
        File.WriteAllText($"{group}/cgroup.subtree_control", $"+{controller}");
        Assert.EndsWith("/init", Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", "grep ^0:: /proc/self/cgroup").Succeeded().Output, StringComparison.Ordinal);
        File.WriteAllText($"{group}/cgroup.subtree_control", $"-{controller}");
        Assert.DoesNotContain("/init", Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", "grep ^0:: /proc/self/cgroup").Succeeded().Output, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.Root, "rm", "-f", id).Succeeded();
        Assert.False(Directory.Exists(group), group);
    }

    private static string V2Group(string process) => File.ReadLines($"/proc/{process}/cgroup").Single(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];

    [RootFact(Needs = Need.Cgroups)]
    public void A_launch_that_fails_leaves_no_group()
    {
        RunAs(Identity.Root, "--pids-limit", "50", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        RunAs(Identity.Root, "--pids-limit", "50", Host.AnyImage, "no-such-command").Refused(127);
        RunAs(Identity.Root, "--pids-limit", "50", "--cpuset-cpus", "4000", Host.AnyImage, "true").Refused(125, "$.linux.resources.cpu.cpus");
        leftovers.AssertNone();
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_csrun_that_is_killed_leaves_no_group_for_longer_than_to_the_next_run()
    {
        RunAs(Identity.Root, "--pids-limit", "50", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        for (int i = 0; i < 30; i++)
        {
            using System.Diagnostics.Process process = Sandbox.Start(Identity.Root, [Host.Csrun, "run", "--pids-limit", "50", Host.AnyImage, "sleep", "1000"]);
            Thread.Sleep(i);
            process.Kill();
            process.WaitForExit();
        }

        RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        leftovers.AssertNone();
    }

    [RootFact(Needs = Need.Cgroups)]
    public void In_the_foreground_with_nothing_asked_for_there_is_no_group()
    {
        string plan = RunAs(Identity.Root, "--explain", Host.AnyImage, "true").Succeeded().Output;
        Assert.DoesNotContain("cgroup.procs", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("CLONE_INTO_CGROUP", plan, StringComparison.Ordinal);
        string limited = RunAs(Identity.Root, "--explain", "--pids-limit", "5", Host.AnyImage, "true").Succeeded().Output;
        Assert.Matches("pids.max", limited);
        Assert.Matches("cgroup.procs|CLONE_INTO_CGROUP", limited);
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Paused_processes_stand_still_until_unpause()
    {
        string volume = Sandbox.Directory(Identity.Root);
        Tool.Check("chmod", "0777", volume);
        string id = Background("-v", $"{volume}:/data", Host.AnyImage, "sh", "-c", "while true; do echo >> /data/ticks; sleep 0.02; done");
        string ticks = Path.Combine(volume, "ticks");
        WaitFor(() => File.Exists(ticks) && new FileInfo(ticks).Length > 3);
        Sandbox.Csrun(Identity.Root, "pause", id).Succeeded();
        Assert.Equal("paused", Status(id, Identity.Root));
        long before = new FileInfo(ticks).Length;
        Thread.Sleep(300);
        Assert.Equal(before, new FileInfo(ticks).Length);
        Sandbox.Csrun(Identity.Root, "exec", id, "true").Refused(125, "is paused");
        Sandbox.Csrun(Identity.Root, "unpause", id).Succeeded();
        Assert.Equal("running", Status(id, Identity.Root));
        WaitFor(() => new FileInfo(ticks).Length > before);
        Sandbox.Csrun(Identity.Root, "unpause", id).Refused(125, "is not paused");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_paused_container_can_be_killed()
    {
        string id = Background(Host.AnyImage, "sleep", "1000");
        Sandbox.Csrun(Identity.Root, "pause", id).Succeeded();
        Sandbox.Csrun(Identity.Root, "kill", id).Succeeded();
        Sandbox.Csrun(Identity.Root, "wait", id).Printed("137");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Update_changes_what_is_named_and_refuses_what_cannot_be()
    {
        string id = Background("--memory", "64m", "--memory-swap", "64m", "--pids-limit", "50", Host.AnyImage, "sleep", "1000");
        Sandbox.Csrun(Identity.Root, "update", "--memory", "128m", "--memory-swap", "256m", id).Succeeded();
        Sandbox.Csrun(Identity.Root, "update", "--memory", "32m", "--memory-swap", "32m", id).Succeeded();
        string memory = Group(id, "memory");
        Assert.Equal($"{32 * Mebibyte}", Read(memory, File.Exists($"{memory}/memory.max") ? "memory.max" : "memory.limit_in_bytes"));
        Assert.Equal("50", Read(Group(id, "pids"), "pids.max"));
        string file = Path.Combine(Sandbox.Directory(Identity.Root), "resources.json");
        File.WriteAllText(file, """{"pids": {"limit": 20}}""");
        Sandbox.Csrun(Identity.Root, "update", "-r", file, id).Succeeded();
        Assert.Equal("20", Read(Group(id, "pids"), "pids.max"));
        File.WriteAllText(file, """{"pids": {"limit": "many"}}""");
        Sandbox.Csrun(Identity.Root, "update", "-r", file, id).Refused(125, "$.linux.resources.pids.limit");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Exec_counts_with_the_container()
    {
        string id = Background("--pids-limit", "50", Host.AnyImage, "sleep", "1000");
        string inside = Sandbox.Csrun(Identity.Root, "exec", id, "cat", "/proc/self/cgroup").Succeeded().Output;
        Assert.All(inside.Split('\n').Where(l => l.Contains("pids", StringComparison.Ordinal) || l.StartsWith("0::", StringComparison.Ordinal)), line => Assert.EndsWith(":/", line, StringComparison.Ordinal));
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Events_stats_top_and_ps_tell_of_the_container()
    {
        string id = Background("--memory", "64m", "--pids-limit", "50", Host.AnyImage, "sh", "-c", "sleep 1000 & wait");
        JsonElement data = JsonDocument.Parse(Sandbox.Csrun(Identity.Root, "events", "--stats", id).Succeeded().Stdout).RootElement;
        Assert.Equal(("stats", id), (data.GetProperty("type").GetString(), data.GetProperty("id").GetString()));
        data = data.GetProperty("data");
        Assert.Equal(64L * Mebibyte, data.GetProperty("memory").GetProperty("usage").GetProperty("limit").GetInt64());
        Assert.Equal(50, data.GetProperty("pids").GetProperty("limit").GetInt32());
        Assert.True(data.GetProperty("cpu").GetProperty("usage").GetProperty("total").GetInt64() > 0);
        JsonElement stats = JsonDocument.Parse(Sandbox.Csrun(Identity.Root, "stats", "--no-stream", "--json", id).Succeeded().Stdout).RootElement[0];
        Assert.Equal((64L * Mebibyte, 2), (stats.GetProperty("memoryLimit").GetInt64(), stats.GetProperty("pids").GetInt32()));
        JsonElement[] top = [.. JsonDocument.Parse(Sandbox.Csrun(Identity.Root, "top", "--json", id).Succeeded().Stdout).RootElement.EnumerateArray()];
        Assert.Equal([1, 2], top.Select(p => p.GetProperty("pid").GetInt32()));
        Assert.All(top, p => Assert.Equal("0", p.GetProperty("user").GetString()));
        int[] pids = [.. JsonDocument.Parse(Sandbox.Csrun(Identity.Root, "ps", "-f", "json", id).Succeeded().Stdout).RootElement.EnumerateArray().Select(p => p.GetInt32())];
        Assert.Equal(top.Select(p => p.GetProperty("hostPid").GetInt32()), pids);
    }

    [RootFact(Needs = Need.Cgroups)]
    public void The_container_sees_its_own_group_and_cannot_change_it()
    {
        string id = Background("--pids-limit", "50", Host.AnyImage, "sleep", "1000");
        string inside = Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null").Output;
        Assert.Equal("50", inside);
        Assert.NotEqual(0, Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", "echo max > /sys/fs/cgroup/pids.max || echo max > /sys/fs/cgroup/pids/pids.max").ExitCode);
        Assert.Equal("50", Read(Group(id, "pids"), "pids.max"));
    }

    [RootFact(Needs = Need.Cgroups)]
    public void Only_the_devices_that_are_allowed_can_be_opened()
    {
        string id = Background("--userns", "host", "--cap-add", "MKNOD", Host.AnyImage, "sleep", "1000");
        const string Script = "mknod /dev/zero2 c 1 5 && head -c 1 /dev/zero2 > /dev/null && mknod /dev/mem2 c 1 1 && head -c 1 /dev/mem2";
        RunResult result = Sandbox.Csrun(Identity.Root, "exec", id, "sh", "-c", Script);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("/dev/mem2: Operation not permitted", result.Stderr, StringComparison.Ordinal);
    }

    /// <summary>The kernel's verifier and its version 2 files, on whatever host: cgroup2 alone is mounted in a mount namespace of the test's own.</summary>
    [RootFact(Needs = Need.Cgroups)]
    public void Version_2_alone_clones_into_the_group_and_decides_about_devices_by_BPF()
    {
        string script = $"""
            umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup || exit 99
            export CSRUN_IMAGE_PATH={Host.ImagePath}
            csrun='{Host.Csrun} --root {Sandbox.Root(Identity.Root)}'
            id=$($csrun run -d --userns host --cap-add MKNOD {Host.AnyImage} sleep 1000) || exit 98
            grep -c . /sys/fs/cgroup/csrun/$id/cgroup.procs
            $csrun exec $id sh -c 'mknod /dev/zero2 c 1 5 && head -c 1 /dev/zero2 | wc -c; mknod /dev/mem2 c 1 1 && head -c 1 /dev/mem2'
            $csrun pause $id > /dev/null; cat /sys/fs/cgroup/csrun/$id/cgroup.freeze
            $csrun rm -f $id > /dev/null; ls -d /sys/fs/cgroup/csrun/$id
            """;
        RunResult result = Tool.Run("unshare", "--mount", "sh", "-c", script);
        Assert.Equal("1\n1\n1", result.Output);
        Assert.Contains("/dev/mem2: Operation not permitted", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.Cgroups)]
    public void An_ordinary_user_without_a_group_of_its_own_is_refused_the_limit_and_nothing_else()
    {
        Run("--memory", "64m", "--pids-limit", "5", Host.AnyImage, "true").Refused(125, "$.linux.resources.memory.limit", "$.linux.resources.pids.limit");
        string id = Detached(Host.AnyImage, "sleep", "1000");
        Csrun("pause", id).Refused(125, "no control group of its own", "the caller may not write to \"/sys/fs/cgroup");
        Assert.Equal("running", Status(id));
        Assert.Matches("0 +1 .* sleep 1000", Csrun("top", id).Succeeded().Output);
    }

    [RootFact(Needs = Need.Cgroups)]
    public void The_cause_of_a_group_that_cannot_be_made_is_named()
    {
        string csrun = $"CSRUN_IMAGE_PATH={Host.ImagePath} {Host.Csrun} --root {Sandbox.Root(Identity.Root)} run --pids-limit 5 {Host.AnyImage} true";
        RunAs(Identity.Root, Host.AnyImage, "true").Succeeded();
        Tool.Run("unshare", "--mount", "sh", "-c", $"awk '$5 ~ /^.sys.fs.cgroup./ {{ print $5 }}' /proc/self/mountinfo | while read -r m; do mount -o remount,bind,ro \"$m\"; done; {csrun}")
            .Refused(125, "$.linux.resources.pids.limit", "is mounted read-only", "mount -o remount,rw /sys/fs/cgroup/");
        Tool.Run("unshare", "--mount", "sh", "-c", $"umount -R /sys/fs/cgroup; {csrun}").Refused(125, "$.linux.resources.pids.limit", "no control group controller \"pids\"");
    }

    [RootFact(Needs = Need.Cgroups)]
    public void A_container_in_the_foreground_without_limits_has_none_and_pause_says_that()
    {
        using System.Diagnostics.Process process = Sandbox.Start(Identity.Root, [Host.Csrun, "run", Host.AnyImage, "sh", "-c", "echo ready; exec sleep 1000"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        string id = Assert.Single(All(Identity.Root));
        WaitFor(() => Sandbox.Csrun(Identity.Root, "inspect", id).ExitCode == 0); // until then it is being made
        Sandbox.Csrun(Identity.Root, "pause", id).Refused(125, "in the foreground");
        Sandbox.Csrun(Identity.Root, "kill", id).Succeeded();
        Tool.Finish(process, null, Tool.Patience).Exited(137);
    }

    [RootFact]
    public void Run_asks_systemd_too_when_that_was_said()
    {
        if (!Directory.Exists("/run/systemd/system"))
        {
            RunAs(Identity.Root, "--systemd-cgroup", Host.AnyImage, "true").Refused(125, "--systemd-cgroup", "not started by systemd");
            Sandbox.Csrun(Identity.Root, "--systemd-cgroup", "run", Host.AnyImage, "true").Refused(125, "--systemd-cgroup");
        }
    }

    private string Background(params string[] args) => DetachedAs(Identity.Root, args);

    private string Group(string id, string controller)
    {
        foreach (JsonElement group in Inspect(id, Identity.Root).GetProperty("cgroup").GetProperty("groups").EnumerateArray())
        {
            if (group.GetProperty("controllers").GetString()!.Split(',').Contains(controller))
            {
                return group.GetProperty("mount").GetString() + group.GetProperty("path").GetString();
            }
        }

        throw new InvalidOperationException($"no group of {controller}");
    }

    private static string Read(string group, string file) => File.ReadAllText(Path.Combine(group, file)).TrimEnd('\n');

    private static void WaitFor(Func<bool> condition)
    {
        for (int i = 0; i < 200 && !condition(); i++)
        {
            Thread.Sleep(20);
        }

        Assert.True(condition());
    }
}
