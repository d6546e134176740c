using System.Globalization;
using Csrun.Linux.Abi;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Tracing;

/// <summary>Commands with which another terminal can look at the child while it stands before a step.</summary>
public static class LookFromOutside
{
    /// <summary>The commands for a step, each with what it shows.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="next">The step that comes next.</param>
    /// <param name="pid">The child, in csrun's PID namespace; 0 while there is none.</param>
    public static IReadOnlyList<(string Command, string Shows)> Commands(LaunchPlan plan, Step next, int pid)
    {
        if (pid == 0)
        {
            return [("csrun ns $$", "the namespaces that you are in, to compare with later")];
        }

        string p = pid.ToString(CultureInfo.InvariantCulture);
        // Once the plan has closed the child's memory, its files in /proc are root's.
        string sudo = plan.Steps.Any(s => s.Number < next.Number && s is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE } }) ? "sudo " : "";
        bool ownUser = (plan.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        string enter = $"{sudo}nsenter -t {p}{(ownUser && sudo.Length == 0 ? " -U --preserve-credentials" : "")}";
        List<(string, string)> commands = [.. Of(next, p, sudo, enter)];
        commands.Add(($"{sudo}csrun ns {p}", "its namespaces, and which of them you share"));
        return commands;
    }

    private static IEnumerable<(string Command, string Shows)> Of(Step next, string p, string sudo, string enter) => next switch
    {
        CsrunStep { Op: WriteIdMapsOp } =>
        [
            ($"cat /proc/{p}/uid_map /proc/{p}/gid_map", "empty until this step is done"),
            ($"nsenter -t {p} -U --preserve-credentials id", "who you are in there without a map"),
        ],
        CsrunStep { Op: PassBarrierOp } => [($"cat /proc/{p}/uid_map", "the map, which the child waits for"), ($"cat /proc/{p}/wchan; echo", "where in the kernel the child waits")],
        CsrunStep => [($"grep Sig /proc/{p}/status", "the child's signals: all are blocked until it runs the command")],
        ChildStep { Op: UnshareOp } => [($"lsns -p {p}", "the namespaces that it has now; look again after the step")],
        ChildStep { Op: SetIdsOp } => [($"grep -E '^(Uid|Gid|Groups)' /proc/{p}/status", "its IDs, as the host counts them"), ($"{enter} id", "and as its user namespace does")],
        ChildStep { Op: UmaskOp } => [($"grep Umask /proc/{p}/status", "its umask")],
        ChildStep { Op: CapsetOp or CapabilityBoundingOp or AmbientCapabilityOp or PrctlOp { Option: PrctlOption.PR_SET_KEEPCAPS } } => [($"grep Cap /proc/{p}/status", "its capabilities; capsh --decode=NUMBER names them")],
        ChildStep { Op: SeccompOp or PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS } } => [($"grep -E 'Seccomp|NoNewPrivs' /proc/{p}/status", "0 without a filter, 2 with one")],
        ChildStep { Op: PropagationOp } => [($"{enter} -m findmnt -o TARGET,PROPAGATION | head", "what hears of the host's mounts")],
        ChildStep { Op: PivotRootOp or FchdirOp } => [($"{sudo}ls -l /proc/{p}/root /proc/{p}/cwd", "its root and its working directory"), ($"{enter} -m cat /proc/self/mountinfo | head -n 3", "its mounts: the host's still, until this is done")],
        ChildStep { Op: MoveMountOp or MountSetattrOp or MkdirInRootOp } => [($"{sudo}cat /proc/{p}/mountinfo", "its mounts"), ($"{sudo}ls /proc/{p}/root/", "its root directory")],
        ChildStep { Op: LoopbackOp } => [($"{enter} -n ip -brief address", "its network devices"), ($"cat /proc/{p}/net/dev", "the same without ip")],
        ChildStep { Op: SetNamesOp } => [($"{enter} -u hostname", "its host name")],
        ChildStep { Op: RlimitOp } => [($"cat /proc/{p}/limits", "its limits")],
        ChildStep { Op: ExecAttributeOp attribute } => [($"{sudo}cat /proc/{p}/{attribute.Path["thread-self/".Length..]}", "what it becomes at execve")],
        ChildStep { Op: SchedulerOp } => [($"chrt -p {p}", "its scheduling policy")],
        ChildStep { Op: IoPriorityOp } => [($"ionice -p {p}", "its I/O priority")],
        ChildStep { Op: CpuAffinityOp } => [($"grep Cpus_allowed_list /proc/{p}/status", "the processors that it may run on")],
        ChildStep { Op: MemoryPolicyOp } => [($"{sudo}head -n 3 /proc/{p}/numa_maps", "where its memory comes from")],
        ChildStep { Op: SetsidOp or ControllingTerminalOp } => [($"ps -o pid,sid,pgid,tty -p {p}", "its session")],
        ChildStep { Op: ResetSignalsOp } => [($"grep Sig /proc/{p}/status", "blocked and ignored signals")],
        ChildStep { Op: ExecveOp } => [($"tr '\\0' ' ' < /proc/{p}/cmdline; echo", "still csrun's own command line")],
        _ => [($"{sudo}ls -l /proc/{p}/fd", "what it has open")],
    };

}
