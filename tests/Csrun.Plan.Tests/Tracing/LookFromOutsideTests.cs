using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Tests.Planning;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Tests.Tracing;

/// <summary>The commands that --step shows.</summary>
public sealed class LookFromOutsideTests
{
    private static readonly LaunchPlan s_plan = LaunchPlanner.Plan(LaunchRequests.Default);

    [Fact]
    public void Every_step_of_every_plan_has_commands_with_the_real_pid()
    {
        foreach ((string name, LaunchRequest request) in LaunchRequests.Family())
        {
            LaunchPlan plan = LaunchPlanner.Plan(request);
            foreach (Step step in plan.Steps)
            {
                IReadOnlyList<(string Command, string Shows)> commands = LookFromOutside.Commands(plan, step, 4242);
                Assert.True(commands.Count >= 2, $"{name}: step {step.Number}");
                Assert.All(commands, c => Assert.Contains("4242", c.Command, StringComparison.Ordinal));
                Assert.All(commands, c => Assert.DoesNotContain("PID", c.Command, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Before_the_child_exists_there_is_the_caller_to_look_at() =>
        Assert.Equal("csrun ns $$", Assert.Single(LookFromOutside.Commands(s_plan, s_plan[1], 0)).Command);

    [Fact]
    public void The_map_is_looked_at_before_it_is_written()
    {
        Step maps = s_plan.Steps.First(s => s is CsrunStep { Op: WriteIdMapsOp });
        Assert.Equal("cat /proc/7/uid_map /proc/7/gid_map", LookFromOutside.Commands(s_plan, maps, 7)[0].Command);
    }

    [Fact]
    public void Once_the_child_has_closed_its_memory_only_root_looks()
    {
        Assert.Equal("csrun ns 7", LookFromOutside.Commands(s_plan, s_plan[5], 7)[^1].Command);
        Assert.Equal("sudo csrun ns 7", LookFromOutside.Commands(s_plan, s_plan.Steps[^1], 7)[^1].Command);
    }
}
