using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Breaking;

/// <summary>Which steps may be left out; decided from the plan, before anything runs. docs/adr/0025-breaking-a-step.md.</summary>
/// <remarks>What is allowed is safe for one of two reasons: a later step needs its result and fails, or a user namespace of the
/// container's own stands between what is missing and the host. An operation that is not named here may not be left out.</remarks>
public static class BreakPolicy
{
    private const string Limits = "the limits of the control group are what keeps the container from using all of the host's memory and processors";
    private const string Protocol = "it is how csrun and the child find each other; without it there is no launch to look at";
    private const string NoUserNamespace = "the container has no user namespace of its own (--userns host), so the step's absence would act on the host";
    private const string Privileged = "csrun is run by root here, and what is left without it is a process with rights on the host; an ordinary user may leave it out";

    /// <summary>Why a step may not be left out; null where it may.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="step">The step.</param>
    /// <param name="privileged">Whether csrun has root's rights outside the container.</param>
    public static string? Refusal(LaunchPlan plan, Step step, bool privileged)
    {
        bool ownUser = (plan.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        return step switch
        {
            CsrunStep { Op: WriteIdMapsOp or ForwardSignalsOp or OwnAffinityOp } => null,
            CsrunStep { Op: MakeCgroupOp or JoinCgroupOp } => Limits,
            CsrunStep => Protocol,
            ChildStep child => Never(plan, child.Op) is { } never ? never
                : NeedsUserNamespace(child.Op) && !ownUser ? NoUserNamespace
                : OrdinaryOnly(child.Op) && privileged ? Privileged
                : IsFree(child.Op) || NeedsUserNamespace(child.Op) || OrdinaryOnly(child.Op) ? null
                : "csrun has not been taught what would happen",
            _ => Protocol,
        };
    }

    private static string? Never(LaunchPlan plan, KernelOp op) => op switch
    {
        JoinTasksOp => Limits,
        AwaitBarrierOp or CheckCsrunAliveOp or ForkSiblingOp or SetnsOp => Protocol,
        Dup3Op { Number: PlanContext.ControlFd } => Protocol,
        Dup3Op { Number: PlanContext.RootFd, Result: null } => Protocol,
        CloseDescriptorsOp { First: PlanContext.ControlFd + 1 } => "descriptors that csrun's caller left open would lead the container out",
        PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG } => "a container would stay behind when csrun is killed, and csrun leaves nothing behind",
        ExecveOp => "then there is nothing to run; --explain shows the plan without running it",
        FchdirOp => "pivot_root(\".\", \".\") would take csrun's own working directory, a directory of the host, as the container's root, and mount points would be made in it",
        PivotRootOp or MoveRootOp or ChrootOp => "everything after it would happen on the host's file system: mount points would be made there, and the command would run there",
        SetsidOp => "the command would share your terminal's session and could type commands into it (ioctl_tty(2), TIOCSTI)",
        ExecAttributeOp => "it is what confines the container where AppArmor or SELinux is active",
        SessionKeyringOp => "the keys of your session would be the container's",
        MountSetattrOp { Mount: { } mount } when IsOfTheHost(plan, mount) => "the mount is of your own files: without its attributes a read-only volume could be written, and mounts in it would show on the host",
        MountSetattrOp { Mount: null, Set: var set } when (set & MountAttr.MOUNT_ATTR_RDONLY) != 0 && !plan.Steps.Any(s => s is ChildStep { Op: NewFilesystemOp { Type: "overlay" } }) =>
            "the root is a directory of the host, which the command could write to",
        _ => null,
    };

    // What separates the container from the host where there is no user namespace in between; some by way of a later step that takes
    // a missing descriptor for a path that the image has not (masked paths).
    private static bool NeedsUserNamespace(KernelOp op) => op is UnshareOp or PropagationOp or CapabilityBoundingOp or CapsetOp or SeccompOp
        or MoveMountOp or MountSetattrOp or OpenTreeOp or OpenOp or Dup3Op or MkdirOp or MkdirInRootOp or NewFilesystemOp or WriteFileOp or RlimitOp
        or PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS or PrctlOption.PR_SET_KEEPCAPS };

    // What separates root's own rights, or root's descriptors, from the container's command.
    private static bool OrdinaryOnly(KernelOp op) => op is SetIdsOp or CloseDescriptorsOp or CloseOp or UmaskOp or PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE };

    // A later step fails without it, or the container alone is the poorer.
    private static bool IsFree(KernelOp op) => op is MknodOp or SymlinkOp or NewFileOp or UnlinkOp or FchownOp or FchownatOp or TerminalOp or ControllingTerminalOp
        or LoopbackOp or SetNamesOp or PersonalityOp or SchedulerOp or IoPriorityOp or MemoryPolicyOp or CpuAffinityOp or AmbientCapabilityOp or ForkInitOp or WorkingDirectoryOp or ResetSignalsOp;

    // A copy of a host's directory or file, or one that csrun sent (an ID-mapped volume).
    private static bool IsOfTheHost(LaunchPlan plan, FdSlot mount)
    {
        foreach (Step step in plan.Steps)
        {
            if (step is ChildStep { Op: OpenTreeOp { Dir: null, Path.Length: > 0 } copy } && copy.Result == mount)
            {
                return true;
            }

            if (step is ChildStep { Op: AwaitBarrierOp barrier } && barrier.Fds.Contains(mount))
            {
                return true;
            }
        }

        return false;
    }
}
