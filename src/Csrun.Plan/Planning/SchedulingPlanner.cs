using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>How the kernel schedules the command: policy, I/O priority, memory nodes, and the processors of a further process.</summary>
internal static class SchedulingPlanner
{
    /// <summary>What the child does to itself while it still has the capabilities that a higher priority takes, and after the limits, which may allow it.</summary>
    public static void Plan(PlanContext context)
    {
        PlanBuilder plan = context.Builder;
        Process? process = context.Spec.Process;
        if (context.Spec.Linux?.MemoryPolicy is { } policy)
        {
            plan.Child(new MemoryPolicyOp(policy), "from which memory nodes the container gets its memory", "memory would come from the node that the processor is nearest to, whatever it does to others");
        }

        if (process?.IoPriority is { } priority)
        {
            plan.Child(new IoPriorityOp(priority), "the I/O priority that was asked for", "the disk would serve the container as it serves the caller");
        }

        if (process?.Scheduler is { } scheduler)
        {
            plan.Child(new SchedulerOp(scheduler), "the scheduling policy that was asked for", "the container would be scheduled as the caller is");
        }
    }

    /// <summary>The processors that a further process begins on, before it is in the container's control group.</summary>
    public static void Initial(PlanContext context)
    {
        if (context.Spec.Process?.ExecCpuAffinity?.Initial is { Length: > 0 } cpus)
        {
            context.Builder.Csrun(new OwnAffinityOp(cpus), "the processors to join the container on: execCPUAffinity.initial", "the work of joining would be done on processors that the container's own work may have to itself");
        }
    }

    /// <summary>The processors that it runs on once it is there.</summary>
    public static void Final(PlanContext context)
    {
        if (context.Spec.Process?.ExecCpuAffinity?.Final is { Length: > 0 } cpus)
        {
            context.Builder.Child(new CpuAffinityOp(cpus), "the processors to run on, now that the process is in the container's control group: execCPUAffinity.final", "the process would run on any processor that the control group allows");
        }
    }
}
