using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>Docker, through containerd and its shim, with csrun as the runtime of all containers.</summary>
public sealed class DockerEngineTests(Sandbox sandbox, CsrunDocker docker) : IntegrationTest(sandbox), IClassFixture<CsrunDocker>
{
    private const Need Needs = Need.Alpine | Need.Docker;

    [RootFact(Needs = Needs)]
    public void The_runtime_is_csrun() => Docker("info -f '{{.DefaultRuntime}}'").Printed("csrun");

    [RootTheory(Needs = Needs)]
    [InlineData("id -u", "0")]
    [InlineData("cat /proc/1/comm", "cat")]
    [InlineData("sh -c 'grep CapEff /proc/self/status'", "CapEff:\t00000000a80425fb")]
    [InlineData("sh -c 'grep Seccomp: /proc/self/status'", "Seccomp:\t2")]
    [InlineData("sh -c 'cat /proc/kcore | wc -c'", "0")]
    [InlineData("hostname", "h")]
    [InlineData("sh -c 'echo $HOME'", "/root")]
    public void A_container_runs(string command, string output) => Docker($"run --rm --network none --hostname h alpine {command}").Printed(output);

    [RootTheory(Needs = Needs)]
    [InlineData("--read-only --tmpfs /t:size=64k", "touch /x 2>/dev/null || echo sealed; touch /t/x && df -k /t | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2", "sealed\n64")]
    [InlineData("--device /dev/fuse:/dev/mine:r", ": </dev/mine && echo read; (: >/dev/mine) 2>/dev/null || echo refused", "read\nrefused")]
    [InlineData("--cap-drop ALL --cap-add CHOWN", "grep CapEff /proc/self/status", "CapEff:\t0000000000000001")]
    [InlineData("--security-opt no-new-privileges --security-opt seccomp=unconfined", "grep -E 'NoNewPrivs|Seccomp:' /proc/self/status", "NoNewPrivs:\t1\nSeccomp:\t0")]
    [InlineData("--sysctl net.ipv4.ip_forward=1 --ulimit nofile=100:200", "cat /proc/sys/net/ipv4/ip_forward; ulimit -n; ulimit -Hn", "1\n100\n200")]
    [InlineData("-w /made/here -u 1000:1001 --group-add 1002", "pwd; id -u; id -G", "/made/here\n1000\n1001 1002")]
    [InlineData("--pid host --ipc host --uts host", "test $(cat /proc/1/comm) != sh && echo shared", "shared")]
    [InlineData("--oom-score-adj 500 --shm-size 1m", "cat /proc/self/oom_score_adj; df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2", "500\n1024")]
    public void Options_hold(string options, string script, string output) =>
        Docker($"run --rm --network none {options} alpine sh -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'").Printed(output);

    [RootFact(Needs = Needs)]
    public void Wait_attach_copy_and_a_process_in_the_background()
    {
        Docker("run -d -i --name talk --network none alpine sh -c 'read line; echo heard $line; exit 5'").Succeeded();
        Docker("exec -d talk sh -c 'echo late >/file; sleep 1000'").Succeeded();
        string place = Sandbox.Directory(Identity.Root, "copied");
        Sandbox.Shell(Identity.Root, $"for i in $(seq 50); do {DockerDaemon.Client} -H unix://{docker.Socket} cp talk:/file {place}/file 2>/dev/null && grep late {place}/file && break; sleep 0.1; done").Printed("late");
        Assert.Contains("sleep 1000", Docker("top talk").Succeeded().Output, StringComparison.Ordinal);
        Sandbox.Shell(Identity.Root, $"echo word | {DockerDaemon.Client} -H unix://{docker.Socket} attach talk").Exited(5);
        Docker("wait talk").Printed("5");
        Docker("logs talk").Printed("heard word");
        Docker("rm talk").Succeeded();
    }

    [RootTheory(Needs = Needs)]
    [InlineData("nosuch", 127)]
    [InlineData("/etc/passwd", 126)]
    [InlineData("sh -c 'exit 7'", 7)]
    [InlineData("sh -c 'sleep 1 & kill -TERM $!; wait $!'", 143)]
    public void Exit_codes_are_dockers(string command, int code) => Assert.Equal(code, Docker($"run --rm --network none alpine {command}").ExitCode);

    [RootFact(Needs = Needs | Need.Script)]
    public void A_terminal() => Assert.Equal("/dev/pts/0", Sandbox.Terminal(Identity.Root, $"{DockerDaemon.Client} -H unix://{docker.Socket} run --rm -t --network none alpine tty").Output.Trim());

    [RootFact(Needs = Needs)]
    public void Limits_are_in_force()
    {
        Docker("run -d --name limited --network none --memory 64m --pids-limit 5 alpine sleep 100").Succeeded();
        string id = Docker("inspect -f '{{.Id}}' limited").Succeeded().Output;
        string[] limits = [.. Directory.EnumerateFiles("/sys/fs/cgroup/memory", "memory.limit_in_bytes", SearchOption.AllDirectories).Where(path => path.Contains(id, StringComparison.Ordinal))];
        Assert.Equal("67108864", File.ReadAllText(Assert.Single(limits)).Trim());
        Assert.NotEqual(0, Docker("exec limited sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait'").ExitCode);
        Docker("rm -f limited").Succeeded();
        Assert.DoesNotContain(Directory.EnumerateDirectories("/sys/fs/cgroup/memory", "*", SearchOption.AllDirectories), path => path.Contains(id, StringComparison.Ordinal));
    }

    [RootFact(Needs = Needs)]
    public void Exec_logs_stop_start_restart_remove()
    {
        Docker("run -d --name life --network none alpine sh -c 'echo said; exec sleep 1000'").Succeeded();
        Docker("exec life id -u").Printed("0");
        Docker("exec -u 1000:1000 -w /tmp -e A=b life sh -c 'id -u; pwd; echo $A'").Printed("1000\n/tmp\nb");
        Docker("exec life sh -c 'exit 9'").Exited(9);
        RunResult absent = Docker("exec life nosuch");
        Assert.Contains(absent.ExitCode, (int[])[126, 127]); // Docker 20.10 says 126 to all failures of exec, later ones 127
        Assert.Contains("\"nosuch\"", absent.Output, StringComparison.Ordinal);
        Docker("logs life").Printed("said");
        Docker("stats --no-stream --format '{{.Name}}' life").Printed("life");
        Docker("stop -t 1 life").Printed("life");
        Docker("start life").Printed("life");
        Docker("restart -t 0 life").Printed("life");
        Docker("exec life echo again").Printed("again");
        Docker("kill life").Printed("life");
        Docker("inspect -f '{{.State.ExitCode}} {{.State.Running}}' life").Printed("137 false");
        Docker("rm life").Printed("life");
    }

    [RootFact(Needs = Needs)]
    public void Pause_update_and_top()
    {
        Docker("run -d --name still --network none --memory 64m alpine sleep 1000").Succeeded();
        Docker("pause still").Printed("still");
        Docker("inspect -f '{{.State.Status}}' still").Printed("paused");
        Docker("unpause still").Printed("still");
        Docker("exec still echo awake").Printed("awake");
        Docker("update --memory 100m --memory-swap 200m still").Printed("still");
        Docker("exec still cat /sys/fs/cgroup/memory/memory.limit_in_bytes").Printed("104857600");
        Assert.Contains("sleep 1000", Docker("top still").Succeeded().Output, StringComparison.Ordinal);
        Docker("rm -f still").Succeeded();
    }

    [RootFact(Needs = Needs)]
    public void A_devices_node_of_ones_own_making_cannot_be_opened() =>
        Docker("run --rm --network none alpine sh -c 'mknod /dev/mine c 1 1 && head -c 1 /dev/mine 2>&1'").Exited(1).Output.Is("head: /dev/mine: Operation not permitted");

    [RootFact(Needs = Needs)]
    public void Two_containers_share_a_network_and_a_pid_namespace()
    {
        Docker("run -d --name first --network none alpine sleep 1000").Succeeded();
        string net = Docker("exec first readlink /proc/self/ns/net").Succeeded().Output;
        Docker("run --rm --network container:first alpine readlink /proc/self/ns/net").Printed(net);
        Docker("run --rm --network none --pid container:first alpine cat /proc/1/comm").Printed("sleep");
        Docker("rm -f first").Succeeded();
    }

    [RootFact(Needs = Needs)]
    public void A_restart_policy()
    {
        Docker("run -d --name again --network none --restart on-failure:2 alpine sh -c 'exit 3'").Succeeded();
        string seen = "";
        for (int i = 0; i < 100 && seen != "2 3 exited"; i++)
        {
            Thread.Sleep(100);
            seen = Docker("inspect -f '{{.RestartCount}} {{.State.ExitCode}} {{.State.Status}}' again").Succeeded().Output;
        }

        Assert.Equal("2 3 exited", seen);
        Docker("rm -f again").Succeeded();
    }

    [RootFact(Needs = Needs)]
    public void An_image_is_built()
    {
        string place = Sandbox.Directory(Identity.Root, "build");
        File.WriteAllText(Path.Combine(place, "Dockerfile"), "FROM alpine\nRUN echo built > /built && adduser -D somebody\nUSER somebody\nCMD id -un; cat /built\n");
        Sandbox.Shell(Identity.Root, $"DOCKER_BUILDKIT=0 {DockerDaemon.Client} -H unix://{docker.Socket} build -q --network none -t built {place}").Succeeded();
        Docker("run --rm --network none built").Printed("somebody\nbuilt");
    }

    [RootFact(Needs = Needs)]
    public void A_volume_shows_the_hosts_owners()
    {
        string place = Sandbox.Directory(Identity.Root, "volume");
        Docker($"run --rm --network none -u 1234:1235 --tmpfs /t -v {place}:/v:ro alpine sh -c 'id -u; touch /t/x; touch /v/x 2>&1'").Exited(1);
        File.SetUnixFileMode(place, (UnixFileMode)0x1ff);
        Docker($"run --rm --network none -u 1234:1235 -v {place}:/v alpine touch /v/x").Succeeded();
        Tool.Run("stat", "-c", "%u:%g", $"{place}/x").Printed("1234:1235");
    }

    private RunResult Docker(string words) => Sandbox.Shell(Identity.Root, $"{DockerDaemon.Client} -H unix://{docker.Socket} {words}");
}
