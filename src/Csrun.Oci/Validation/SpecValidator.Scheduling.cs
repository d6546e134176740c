namespace Csrun.Oci;

/// <content>config.md, "Linux Process": scheduler, ioPriority, execCPUAffinity; config-linux.md, "Memory policy".</content>
public static partial class SpecValidator
{
    private static void CheckScheduling(Process process, Findings found)
    {
        if (process.Scheduler is { } scheduler)
        {
            CheckScheduler(scheduler, found);
        }

        if (process.IoPriority is { } ioPriority)
        {
            found.Word("$.process.ioPriority.class", ioPriority.Class, SchedulingWords.IoClasses, "an I/O priority class");
            if (ioPriority.Priority is < 0 or > 7)
            {
                found.Mistake("$.process.ioPriority.priority", $"must be from 0 to 7, not {ioPriority.Priority}");
            }
        }

        if (process.ExecCpuAffinity is { } affinity)
        {
            CheckIdList("$.process.execCPUAffinity.initial", affinity.Initial, found);
            CheckIdList("$.process.execCPUAffinity.final", affinity.Final, found);
        }
    }

    private static void CheckScheduler(Scheduler scheduler, Findings found)
    {
        const string At = "$.process.scheduler";
        found.Word($"{At}.policy", scheduler.Policy, SchedulingWords.Policies, "a scheduling policy");
        found.Words($"{At}.flags", scheduler.Flags, SchedulingWords.SchedulerFlags, "a scheduling flag");
        if (scheduler.Nice is < -20 or > 19)
        {
            found.Mistake($"{At}.nice", $"must be from -20 to 19, not {scheduler.Nice}");
        }

        if (Array.IndexOf(SchedulingWords.Policies, scheduler.Policy) < 0)
        {
            return; // what the policy takes is not known
        }

        if (scheduler.Policy is "SCHED_FIFO" or "SCHED_RR")
        {
            if (scheduler.Priority is not (>= 1 and <= 99))
            {
                found.Mistake($"{At}.priority", $"{(scheduler.Priority is null ? "missing: " : "")}{scheduler.Policy} takes a priority from 1 to 99{(scheduler.Priority is { } wrong ? $", not {wrong}" : "")}");
            }
        }
        else if (scheduler.Priority is not (null or 0))
        {
            found.Mistake($"{At}.priority", $"{scheduler.Policy} takes no priority", "leave it out, or choose SCHED_FIFO or SCHED_RR");
        }

        if (scheduler.Policy == "SCHED_DEADLINE")
        {
            CheckDeadline(scheduler, found);
        }
        else
        {
            NotFor(scheduler, "runtime", scheduler.Runtime, found);
            NotFor(scheduler, "deadline", scheduler.Deadline, found);
            NotFor(scheduler, "period", scheduler.Period, found);
        }
    }

    private static void NotFor(Scheduler scheduler, string property, ulong? value, Findings found)
    {
        if (value is not (null or 0))
        {
            found.Mistake($"$.process.scheduler.{property}", $"{scheduler.Policy} takes no {property}", "leave it out, or choose SCHED_DEADLINE");
        }
    }

    // sched_setattr(2): a period of 0 is the deadline, and the kernel counts no times below 1024 ns (1 << DL_SCALE).
    private static void CheckDeadline(Scheduler scheduler, Findings found)
    {
        ulong runtime = scheduler.Runtime ?? 0;
        ulong deadline = scheduler.Deadline ?? 0;
        ulong period = scheduler.Period ?? 0;
        if (runtime < 1024)
        {
            found.Mistake("$.process.scheduler.runtime", $"SCHED_DEADLINE takes at least 1024 ns, not {runtime}");
        }

        if (deadline < runtime || deadline == 0)
        {
            found.Mistake("$.process.scheduler.deadline", $"{deadline} is below runtime, {runtime}", "runtime <= deadline <= period");
        }

        if (period != 0 && period < deadline)
        {
            found.Mistake("$.process.scheduler.period", $"{period} is below deadline, {deadline}", "runtime <= deadline <= period");
        }
    }

    private static void CheckMemoryPolicy(MemoryPolicy? policy, Findings found)
    {
        if (policy is null)
        {
            return;
        }

        const string At = "$.linux.memoryPolicy";
        found.Word($"{At}.mode", policy.Mode, SchedulingWords.MemoryModes, "a memory policy");
        found.Words($"{At}.flags", policy.Flags, SchedulingWords.MemoryFlags, "a memory policy flag");
        CheckIdList($"{At}.nodes", policy.Nodes, found);
        bool any = !string.IsNullOrEmpty(policy.Nodes);
        if (policy.Mode is "MPOL_DEFAULT" or "MPOL_LOCAL" && any)
        {
            found.Mistake($"{At}.nodes", $"{policy.Mode} takes no nodes", "leave them out");
        }
        else if (policy.Mode is "MPOL_BIND" or "MPOL_INTERLEAVE" or "MPOL_PREFERRED_MANY" or "MPOL_WEIGHTED_INTERLEAVE" && !any)
        {
            found.Mistake($"{At}.nodes", $"{policy.Mode} needs at least one node", "cat /sys/devices/system/node/has_memory lists them");
        }
    }

    /// <summary>A list of processors or memory nodes; an empty one is none, as the specification says of <c>final</c>.</summary>
    private static void CheckIdList(string path, string? list, Findings found)
    {
        if (!string.IsNullOrEmpty(list) && !IdList.IsValid(list))
        {
            found.Mistake(path, $"{JsonPathText.Quote(list)} is not a list of numbers and ranges", "write it like 0-3,7");
        }
    }
}
