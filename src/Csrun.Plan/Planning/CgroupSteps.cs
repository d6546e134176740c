using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The child's own part in joining its control group.</summary>
internal static class CgroupSteps
{
    /// <summary>Adds the steps; none where there is no group, where clone3 puts the child into it, or where csrun moves it later.</summary>
    public static void Join(PlanBuilder plan, CgroupPlan? cgroup)
    {
        foreach (CgroupGroup group in cgroup?.JoinedByChild ?? [])
        {
            plan.Child(
                new JoinTasksOp(group, plan.NewSlot($"tasks of {group.Hierarchy}"), cgroup!.Asked),
                "what the child and its children use is counted and limited there; 0 is the writer itself, which costs a hundredth of naming a PID",
                "the group would stay empty: its limits would hold for nobody, and a kill or freeze of the group would miss the process");
        }
    }
}
