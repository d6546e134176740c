using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Engines;

/// <summary>Docker's rootless mode with csrun as the runtime: csrun is root of rootlesskit's user namespace.</summary>
public sealed class RootlessDockerEngineTests(Sandbox sandbox, RootlessCsrunDocker docker) : IntegrationTest(sandbox), IClassFixture<RootlessCsrunDocker>
{
    private const Need Needs = Need.SubIds | Need.RootTests | Need.Alpine | Need.Docker | Need.Rootlesskit;

    [UserTheory(Needs = Needs)]
    [InlineData("id -u", "0")]
    [InlineData("cat /proc/1/comm", "cat")]
    [InlineData("sh -c 'grep -E Seccomp:\\|CapEff /proc/self/status'", "CapEff:\t00000000a80425fb\nSeccomp:\t2")]
    [InlineData("sh -c 'echo $HOME; exit 7'", "/root", 7)]
    public void A_container_runs(string command, string output, int code = 0) => Docker($"run --rm --network none alpine {command}").Exited(code).Output.Is(output);

    [UserFact(Needs = Needs)]
    public void The_runtime_is_csrun() => Docker("info -f '{{.DefaultRuntime}}'").Printed("csrun");

    [UserTheory(Needs = Needs)]
    [InlineData("nosuch", 127)]
    [InlineData("/etc/passwd", 126)]
    public void Exit_codes_are_dockers(string command, int code) => Docker($"run --rm --network none alpine {command}").Exited(code);

    [UserFact(Needs = Needs)]
    public void Exec_stop_start_kill_remove()
    {
        Docker("run -d --name life --network none alpine sh -c 'echo said; exec sleep 1000'").Succeeded();
        Docker("exec -u 1000:1001 -w /tmp -e A=b life sh -c 'id -u; id -g; pwd; echo $A'").Printed("1000\n1001\n/tmp\nb");
        Docker("logs life").Printed("said");
        Docker("stop -t 1 life").Printed("life");
        Docker("start life").Printed("life");
        Docker("exec life cat /proc/1/comm").Printed("sleep");
        Docker("kill life").Printed("life");
        Docker("wait life").Printed("137");
        Docker("rm life").Printed("life");
    }

    [UserFact(Needs = Needs)]
    public void Owners_in_a_volume_are_the_users_and_its_subordinate_IDs()
    {
        Account user = Host.Of(Identity.User);
        string place = Sandbox.Directory(Identity.User, "volume");
        Sandbox.Shell(Identity.User, $"chmod 0777 {place}").Succeeded();
        Docker($"run --rm --network none -v {place}:/v alpine touch /v/root").Succeeded();
        Docker($"run --rm --network none -u 1234:1234 -v {place}:/v alpine touch /v/other").Succeeded();
        Tool.Run("stat", "-c", "%u %n", $"{place}/other", $"{place}/root").Printed($"{user.SubUid + 1233} {place}/other\n{user.Uid} {place}/root");
    }

    private RunResult Docker(string words) => Sandbox.Shell(Identity.User, $"{DockerDaemon.Client} -H unix://{docker.Socket} {words}");
}
