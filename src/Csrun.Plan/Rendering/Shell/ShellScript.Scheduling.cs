using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>How the command is scheduled, in the words of util-linux.</summary>
internal sealed partial class ShellScript
{
    private bool Scheduling(ChildStep step)
    {
        switch (step.Op)
        {
            case SchedulerOp scheduler:
                Chrt(scheduler.Scheduler);
                break;
            case IoPriorityOp { Priority: var priority }:
                Tools.Add("ionice");
                _chain.Add($"ionice -c {SchedulingWords.IoClass(priority.Class)}{(priority.Class == "IOPRIO_CLASS_IDLE" ? "" : $" -n {priority.Priority}")}");
                break;
            case CpuAffinityOp affinity:
                Child.Add(step, Taskset(affinity.Cpus));
                return true;
            case MemoryPolicyOp { Policy: var policy }:
                _lost.Add($"the memory policy {policy.Mode}{(string.IsNullOrEmpty(policy.Nodes) ? "" : $" of the nodes {policy.Nodes}")}: numactl(8) sets one, which is no part of util-linux");
                Child.Note(step, $"left out: {step.Why}");
                return true;
            default:
                return false;
        }

        Child.Absorb(step);
        return true;
    }

    // The shell itself: what it starts inherits the processors.
    private static string Taskset(string cpus) => $"taskset --cpu-list --pid {ShellText.Word(cpus)} $$ > /dev/null";

    private void Chrt(Scheduler scheduler)
    {
        Tools.Add("chrt");
        string times = scheduler.Policy != "SCHED_DEADLINE" ? "" : $" --sched-runtime {scheduler.Runtime ?? 0} --sched-deadline {scheduler.Deadline ?? 0} --sched-period {scheduler.Period ?? 0}";
        _chain.Add($"chrt --{scheduler.Policy["SCHED_".Length..].ToLowerInvariant()}{(scheduler.Flags.Contains("SCHED_FLAG_RESET_ON_FORK") ? " --reset-on-fork" : "")}{times} {scheduler.Priority ?? 0}");
        if (scheduler.Nice is { } nice and not 0)
        {
            Tools.Add("nice");
            _chain.Add($"nice -n {nice}");
        }

        foreach (string flag in scheduler.Flags)
        {
            if (flag != "SCHED_FLAG_RESET_ON_FORK")
            {
                _lost.Add($"{flag}: chrt(1) has no option for it");
            }
        }
    }
}
