using System.Diagnostics;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Nothing stays behind: after a thousand runs, after failures, after SIGKILL at any moment.</summary>
public sealed class LeftoverTests : IntegrationTest
{
    private readonly Lazy<Leftovers> _leftovers;

    public LeftoverTests(Sandbox sandbox)
        : base(sandbox)
    {
        _leftovers = new Lazy<Leftovers>(() =>
        {
            Run(Host.AnyImage, "true").Succeeded();
            return Leftovers.Before(Sandbox, Identity.User);
        });
    }

    [UserFact]
    public void A_thousand_runs_in_a_row()
    {
        Leftovers leftovers = _leftovers.Value;
        Sandbox.Shell(
            Identity.User,
            $"i=0; while [ $i -lt 1000 ]; do $CSRUN run --rm {Host.AnyImage} true || {{ echo run $i: exit code $?; exit 1; }}; i=$((i+1)); done",
            TimeSpan.FromMinutes(15)).Succeeded(); // patience for a busy machine; it takes a quarter of a minute
        leftovers.AssertNone();
    }

    [UserFact]
    public void Two_hundred_runs_sixteen_at_a_time()
    {
        Leftovers leftovers = _leftovers.Value;
        RunResult result = Sandbox.Shell(
            Identity.User, $"seq 200 | xargs -P 16 -I @ sh -c '$CSRUN run --rm {Host.AnyImage} echo @ || echo failed @: $?'", TimeSpan.FromMinutes(2)).Succeeded();
        Assert.Equal(Enumerable.Range(1, 200), result.Output.Split('\n').Select(int.Parse).Order());
        leftovers.AssertNone();
    }

    [UserFact]
    public void A_cold_store_is_unpacked_once_by_sixteen_at_a_time()
    {
        string root = Sandbox.Directory(Identity.User, "cold");
        RunResult result = Sandbox.Shell(
            Identity.User, $"export CSRUN_ROOT={root}; seq 16 | xargs -P 16 -I @ sh -c '$CSRUN run --rm {Host.AnyImage} echo @ || echo failed @: $?'").Succeeded();
        Assert.Equal(Enumerable.Range(1, 16), result.Output.Split('\n').Select(int.Parse).Order());
    }

    [UserTheory]
    [InlineData("no-such-command", 127)]
    [InlineData("/etc", 126)]
    public void A_command_that_cannot_run(string command, int code)
    {
        Leftovers leftovers = _leftovers.Value;
        Run(Host.AnyImage, command).Exited(code);
        leftovers.AssertNone();
    }

    [UserFact]
    public void A_volume_that_is_not_there()
    {
        Leftovers leftovers = _leftovers.Value;
        Run("-v", "/no/such/place:/data", Host.AnyImage, "true").Refused(125, "/no/such/place");
        leftovers.AssertNone();
    }

    [UserFact]
    public void A_background_process_ends_with_its_container()
    {
        Leftovers leftovers = _leftovers.Value;
        Inside("sleep 1000 >/dev/null 2>&1 & exit 3").Exited(3);
        leftovers.AssertNone();
    }

    [UserFact]
    public void After_sigkill_the_container_ends_and_the_next_run_clears_the_rest()
    {
        Leftovers leftovers = _leftovers.Value;
        using (Process process = Sandbox.Start(Identity.User, [Host.Csrun, "run", Host.AnyImage, "sh", "-c", "echo ready; sleep 1000 & sleep 1000"]))
        {
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            process.Kill();
            Tool.Finish(process, null, Tool.Patience).Exited(137);
        }

        Run(Host.AnyImage, "true").Succeeded();
        leftovers.AssertNone();
    }

    [UserFact]
    public void Sigkill_at_any_moment()
    {
        Leftovers leftovers = _leftovers.Value;
        Random random = new(20240607);
        for (int i = 0; i < 150; i++)
        {
            // A launch takes about 10 ms: every step of it is hit some time.
            using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "run", Host.AnyImage, "sleep", "1000"]);
            Thread.Sleep(TimeSpan.FromMicroseconds(random.Next(0, 20_000)));
            process.Kill();
            Tool.Finish(process, null, Tool.Patience).Exited(137);
        }

        Run(Host.AnyImage, "true").Succeeded();
        leftovers.AssertNone();
    }
}
