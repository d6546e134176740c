using System.Diagnostics;
using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>run -d and the verbs around it: what is listed, logged, awaited, stopped and removed.</summary>
public sealed class BackgroundTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [UserFact]
    public void The_id_is_printed_when_the_command_runs()
    {
        string id = Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        JsonElement record = Inspect("box");
        Assert.Equal(id, record.GetProperty("id").GetString());
        Assert.Equal("running", record.GetProperty("status").GetString());
        Assert.Equal("sleep\01000\0", File.ReadAllText($"/proc/{record.GetProperty("pid").GetInt32()}/cmdline"));
        Assert.Equal(Pid(id), Pid(id[..7]));
    }

    [UserTheory]
    [InlineData("no-such-command", 127)]
    [InlineData("/etc", 126)]
    public void A_command_that_cannot_run_is_told_at_once_and_leaves_nothing(string command, int code)
    {
        Run("--name", "first", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        RunResult result = Run("-d", Host.AnyImage, command).Refused(code, "execve");
        Assert.Equal("", result.Stdout);
        leftovers.AssertNone();
    }

    [UserFact]
    public void Bad_options_are_told_as_without_d() => Run("-d", "-v", "/no/such/place:/data", Host.AnyImage, "true").Refused(125, "/no/such/place");

    [UserFact]
    public void Ps_lists_what_runs_and_with_a_what_has_ended()
    {
        string running = Detached("--name", "runs", Host.AnyImage, "sleep", "1000");
        string ended = Detached("--name", "ended", Host.AnyImage, "sh", "-c", "exit 3");
        Csrun("wait", "ended").Printed("3");
        string[] lines = Csrun("ps").Succeeded().Output.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches("^CONTAINER ID +NAME +IMAGE +STATE +PID +CREATED +UNPRIVILEGED +COMMAND$", lines[0]);
        Assert.Matches($"^{running[..12]} +runs +{Host.AnyImage}:[^ ]+ +running +{Pid(running)} +[-0-9]+ [:0-9]+ +true +sleep 1000$", lines[1]);
        Assert.Equal([ended, running], All());
        Assert.Matches("ended +[^ ]+ +stopped +- ", Csrun("ps", "-a").Succeeded().Output);
        JsonElement json = JsonDocument.Parse(Csrun("ps", "-a", "--json").Succeeded().Stdout).RootElement[0];
        Assert.Equal(("stopped", 3, 0, true), (json.GetProperty("status").GetString(), json.GetProperty("exitCode").GetInt32(), json.GetProperty("pid").GetInt32(), json.GetProperty("unprivileged").GetBoolean()));
    }

    [RootFact]
    public void Unprivileged_says_whether_root_inside_is_the_hosts_root()
    {
        DetachedAs(Identity.Root, "--name", "mapped", Host.AnyImage, "sleep", "1000");
        DetachedAs(Identity.Root, "--name", "host", "--userns", "host", Host.AnyImage, "sleep", "1000");
        string list = Sandbox.Csrun(Identity.Root, "ps").Succeeded().Output;
        Assert.Matches("mapped .* true +sleep", list);
        Assert.Matches("host .* false +sleep", list);
    }

    [UserFact]
    public void A_container_in_the_foreground_is_listed_while_it_runs()
    {
        string rootfs = TestRootfs.Make(Sandbox, Identity.User);
        foreach (string[] args in (string[][])[[Host.AnyImage], ["--rootfs", rootfs]])
        {
            using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "run", .. args, "sh", "-c", "echo ready; exec sleep 1000"]);
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            // A command in the foreground is written down once it has run for a few milliseconds (docs/design/state.md).
            Assert.True(SpinWait.SpinUntil(() => All().Length != 0, TimeSpan.FromSeconds(5)), "it is not listed");
            string id = Assert.Single(All());
            Assert.Equal("running", Status(id));
            Csrun("exec", id, "cat", "/proc/1/cmdline").Printed("sleep\01000\0");
            Csrun("logs", id).Refused(125, "foreground");
            Csrun("kill", id).Succeeded();
            Tool.Finish(process, null, Tool.Patience).Exited(137);
            Assert.Empty(All());
        }
    }

    [UserFact]
    public void The_log_has_both_outputs_in_their_order()
    {
        Detached("--name", "talks", Host.AnyImage, "sh", "-c", "echo one; echo two >&2; echo three");
        Csrun("wait", "talks").Printed("0");
        Csrun("logs", "talks").Printed("one\ntwo\nthree");
    }

    [UserFact]
    public void Logs_can_be_followed_to_the_end()
    {
        Detached("--name", "talks", Host.AnyImage, "sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.2; done");
        Csrun("logs", "-f", "talks").Printed("1\n2\n3\n4\n5");
    }

    [UserFact]
    public void A_terminal_in_the_background_writes_to_the_log()
    {
        Detached("--name", "tty", "-t", Host.AnyImage, "sh", "-c", "test -t 0 && test -t 1 && tty; echo end");
        Csrun("wait", "tty").Printed("0");
        Assert.Equal("/dev/pts/0\r\nend\r\n", Csrun("logs", "tty").Succeeded().Stdout);
    }

    [UserFact]
    public void Input_in_the_background_never_ends_with_i_and_is_empty_without()
    {
        Detached("--name", "waits", "-i", Host.AnyImage, "cat");
        Detached("--name", "ends", Host.AnyImage, "cat");
        Csrun("wait", "ends").Printed("0");
        Assert.Equal("running", Status("waits"));
    }

    [UserFact]
    public void The_caller_is_let_go_of()
    {
        // Standard output is a pipe: the shell goes on when nobody holds it any more, and so is descriptor 7.
        RunResult result = Sandbox.Shell(Identity.User, $"id=$($CSRUN run -d {Host.AnyImage} sleep 1000 7>&1); echo $id; $CSRUN exec $id sh -c 'cd /proc/1/fd; echo *'; $CSRUN rm -f $id >/dev/null").Succeeded();
        Assert.Equal("0 1 2", result.Output.Split('\n')[1]);
    }

    [UserFact]
    public void The_supervisor_keeps_nothing_of_the_callers()
    {
        string id = Sandbox.Shell(Identity.User, $"cd {Sandbox.Directory(Identity.User)} && exec 9</etc/passwd && $CSRUN run -d --name box {Host.AnyImage} sleep 1000").Succeeded().Output;
        int supervisor = Supervisor(id);
        Assert.Equal("/", new FileInfo($"/proc/{supervisor}/cwd").LinkTarget);
        string[] files = [.. Directory.EnumerateFiles($"/proc/{supervisor}/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")];
        Assert.DoesNotContain(files, file => file is "/etc/passwd");
        Assert.Equal(3, files.Count(file => file == "/dev/null"));
        string[] fields = File.ReadAllText($"/proc/{supervisor}/stat").Split(") ")[1].Split(' ');
        Assert.Equal($"{supervisor}", fields[3]); // its own session
        Csrun("rm", "-f", id).Succeeded();
    }

    [UserFact]
    public void Stop_asks_first()
    {
        Detached("--name", "polite", Host.AnyImage, "sh", "-c", "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        WaitForLog("polite", "ready");
        RunResult stopped = Csrun("stop", "polite").Printed("polite");
        Assert.Equal("", stopped.Stderr);
        Assert.Equal(("stopped", 5), (Status("polite"), Inspect("polite").GetProperty("exitCode").GetInt32()));
        Csrun("logs", "polite").Printed("ready\nbye");
        Csrun("stop", "polite").Refused(125, "does not run", "exit code 5");
    }

    [UserFact]
    public void Stop_kills_what_does_not_listen()
    {
        Detached("--name", "deaf", Host.AnyImage, "sleep", "1000");
        Stopwatch watch = Stopwatch.StartNew();
        RunResult stopped = Csrun("stop", "-t", "0.5", "deaf").Printed("deaf");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 8);
        Assert.Contains("was killed", stopped.Stderr, StringComparison.Ordinal);
        Csrun("wait", "deaf").Printed("137");
    }

    [UserFact]
    public void Init_lets_stop_reach_the_command()
    {
        Detached("--name", "init", "--init", Host.AnyImage, "sleep", "1000");
        Assert.Equal("", Csrun("stop", "init").Printed("init").Stderr);
        Csrun("wait", "init").Printed("143");
    }

    [UserFact]
    public void Kill_sends_the_signal_that_is_named()
    {
        Detached("--name", "hears", Host.AnyImage, "sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.05; done");
        WaitForLog("hears", "ready");
        Csrun("kill", "-s", "HUP", "hears").Printed("hears");
        WaitForLog("hears", "hup");
        Csrun("kill", "hears").Printed("hears");
        Csrun("wait", "hears").Printed("137");
        Csrun("kill", "hears").Refused(125, "does not run", "137");
    }

    [UserFact]
    public void Rm_wants_a_container_that_has_ended_or_f()
    {
        string id = Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Csrun("rm", "box").Refused(125, "is running", "csrun stop box");
        Csrun("rm", "-f", "box").Printed("box");
        Assert.Empty(All());
        Assert.False(Directory.Exists($"{Sandbox.Root(Identity.User)}/containers/{id}"));
        Csrun("rm", "box").Refused(125, "no container is named \"box\"");
    }

    [UserFact]
    public void All_mistakes_of_one_call_are_told()
    {
        Detached("--name", "box", Host.AnyImage, "true");
        Csrun("wait", "box").Succeeded();
        RunResult result = Csrun("rm", "nope", "box", "neither").Refused(125, "\"nope\"", "\"neither\"");
        Assert.Equal("box", result.Output);
        Assert.Empty(All());
    }

    [UserFact]
    public void Names_that_are_close_and_beginnings_that_are_not_unique_are_told()
    {
        Detached("--name", "webserver", Host.AnyImage, "sleep", "1000");
        Csrun("stop", "webservr").Refused(125, "close to it: webserver");
        // 17 IDs begin with 16 hexadecimal digits: two share one.
        string[] ids = [.. Enumerable.Range(0, 17).Select(_ => Detached(Host.AnyImage, "true"))];
        string first = ids.GroupBy(id => id[..1]).First(group => group.Count() > 1).Key;
        Csrun("wait", first).Refused(125, $"\"{first}\" names", "more digits");
    }

    [UserFact]
    public void A_name_is_taken_until_rm()
    {
        Detached("--name", "box", Host.AnyImage, "true");
        Csrun("wait", "box").Succeeded();
        Run("--name", "box", Host.AnyImage, "true").Refused(125, "is taken", "has ended", "csrun rm box");
        Csrun("rm", "box").Succeeded();
        string second = Detached("--name", "box", Host.AnyImage, "sleep", "1000");
        Run("-d", "--name", "box", Host.AnyImage, "true").Refused(125, "is taken", "is running");
        Assert.Equal([second], All());
    }

    [UserFact]
    public void Rm_at_the_start_removes_at_the_end()
    {
        string id = Detached("--rm", "--name", "short", Host.AnyImage, "sleep", "0.5");
        Assert.Equal("running", Status(id));
        Csrun("wait", "short");
        Assert.Empty(All());
        Assert.False(Directory.Exists($"{Sandbox.Root(Identity.User)}/containers/{id}"));
        Detached("--rm", "--name", "short", Host.AnyImage, "sleep", "1000"); // the name is free
    }

    [UserFact]
    public void What_has_ended_stays_through_further_runs()
    {
        string id = Detached(Host.AnyImage, "sh", "-c", "echo kept; echo kept > /root/file");
        Csrun("wait", id).Printed("0");
        Run(Host.AnyImage, "true").Succeeded();
        Csrun("logs", id).Printed("kept");
        Assert.Equal("kept\n", File.ReadAllText($"{Sandbox.Root(Identity.User)}/containers/{id}/upper/root/file"));
        Csrun("image", "rm", Host.AnyImage).Refused(125, id[..12], "csrun rm");
    }

    [UserFact]
    public void A_killed_supervisor_leaves_a_record_that_rm_removes()
    {
        Run("--name", "first", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        string id = Detached("--name", "box", Host.AnyImage, "sh", "-c", "sleep 1000 & sleep 1000");
        int pid = Pid(id);
        Tool.Check("kill", "-KILL", $"{Supervisor(id)}");
        for (int i = 0; i < 100 && Directory.Exists($"/proc/{pid}"); i++)
        {
            Thread.Sleep(20);
        }

        Assert.False(Directory.Exists($"/proc/{pid}"), "the container ends with its csrun");
        Assert.Equal("stopped", Status(id));
        Assert.Empty(Csrun("ps", "-q").Succeeded().Output);
        Run(Host.AnyImage, "true").Succeeded(); // sweeps, but not this
        Csrun("wait", id).Refused(125, "not known", "killed before");
        Csrun("rm", "box").Printed("box");
        leftovers.AssertNone();
    }

    [UserFact]
    public void Sixteen_at_a_time_leave_nothing()
    {
        Run("--name", "first", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Sandbox.Shell(
            Identity.User,
            $"seq 48 | xargs -P 16 -I @ sh -c 'id=$($CSRUN run -d --name n@ {Host.AnyImage} sleep 1000) && $CSRUN exec n@ true && $CSRUN rm -f $id >/dev/null || echo failed @'",
            TimeSpan.FromMinutes(3)).Printed("");
        Assert.Empty(All());
        leftovers.AssertNone();
    }

    [UserFact]
    public void A_caller_that_is_killed_meanwhile_leaves_nothing_that_nobody_knows()
    {
        Run("--name", "first", Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        Random random = new(1125);
        for (int i = 0; i < 40; i++)
        {
            using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "run", "-d", "--rm", Host.AnyImage, "sleep", "1000"]);
            Thread.Sleep(TimeSpan.FromMicroseconds(random.Next(0, 30_000)));
            process.Kill();
            process.WaitForExit();
        }

        // One that was killed after the ID was on its way is there; no other is.
        Thread.Sleep(500);
        foreach (string id in All())
        {
            Csrun("rm", "-f", id).Succeeded();
        }

        Run(Host.AnyImage, "true").Succeeded();
        leftovers.AssertNone();
    }

    private void WaitForLog(string container, string text)
    {
        for (int i = 0; i < 200; i++)
        {
            if (Csrun("logs", container).Succeeded().Output.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            Thread.Sleep(20);
        }

        Assert.Fail($"{container} never wrote {text}");
    }
}
