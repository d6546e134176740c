using Csrun.Linux.Abi;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Breaking;

/// <summary>What is different when a step is left out, in one clause.</summary>
internal static class Consequence
{
    /// <summary>Says it.</summary>
    internal static string Of(Step step) => step is CsrunStep own ? OfCsrun(own.Op) : OfChild(((ChildStep)step).Op);

    private static string OfCsrun(CsrunOp op) => op switch
    {
        WriteIdMapsOp => "the user namespace has no ID map: everybody in it is nobody (65534), and there is no ID to become: setgroups(2) answers EPERM, setresuid(2) EINVAL",
        ForwardSignalsOp => "Ctrl-C and csrun's other signals end csrun itself, and the container with it, without the command being told",
        OwnAffinityOp => "csrun, and the child after it, begin on any processor",
        _ => "csrun does not do its part",
    };

    private static string OfChild(KernelOp op) => op switch
    {
        UnshareOp { Namespaces: var one } when (one & CloneFlags.CLONE_NEWNS) == 0 => $"the child stays in the caller's namespace ({StraceText.Flags(one)})",
        UnshareOp unshare => $"the child stays in the caller's namespaces ({StraceText.Flags(unshare.Namespaces)}). They belong to the caller's user namespace, in which it has no capability: the kernel refuses the first mount(2) with EPERM",
        PropagationOp => "mounts that the host makes later show in the container (the other way is closed: the kernel made the copies slaves when the mount namespace changed hands to a user namespace with less rights, mount_namespaces(7))",
        SetIdsOp => "the process stays who it is: what it makes belongs to that user, and the groups that it had stay in force",
        CapabilityBoundingOp => "root of the container gains every capability over the container's namespaces at execve, and so does a set-user-ID program: CapBnd in /proc/self/status",
        CapsetOp => "the child keeps all capabilities until execve, which gives root what the bounding set has, and other users none (capabilities(7))",
        SeccompOp => "the command may make every system call: Seccomp in /proc/self/status is 0",
        PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS } => "set-user-ID programs of the image work, and a filter needs CAP_SYS_ADMIN",
        PrctlOp { Option: PrctlOption.PR_SET_KEEPCAPS } => "a change from root to another user drops the permitted capabilities, and capset(2) cannot set them any more",
        PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE } => "until execve other processes of the container could read csrun's memory in /proc (CVE-2016-9962)",
        UmaskOp { Mask: 0 } => "modes below are cut by the caller's umask",
        UmaskOp => "the command starts with umask 0: everybody may write to the files that it makes",
        MoveMountOp move => $"{move.What}: it is made and never attached, and what lies below shows; a step that needs it there fails",
        MountSetattrOp => "the mount keeps the attributes that it had",
        OpenTreeOp => "there is no copy of the mount: the step that attaches it has no descriptor (EBADF)",
        NewFilesystemOp made => $"there is no {made.Type}: the step that attaches it has no descriptor (EBADF)",
        OpenOp => "nothing is opened: the steps that use it have no descriptor (EBADF)",
        Dup3Op { Number: PlanContext.RootFd } => "the root has no number that outlives the other descriptors: csrun cannot look at what execve failed on",
        Dup3Op { Number: 0 } => "the command reads from csrun's own standard input",
        Dup3Op { Number: > PlanContext.RootFd } => "the number that a later step names as /proc/self/fd/N does not exist (ENOENT)",
        Dup3Op => "the descriptor is not where later steps look for it",
        CloseDescriptorsOp or CloseOp => "a descriptor of the host stays open until execve, which closes it: until then a path through /proc/self/fd leads out (CVE-2024-21626)",
        MkdirOp or MkdirInRootOp => "the directory is not there when a later step needs it (ENOENT), unless it was before",
        MknodOp or SymlinkOp or NewFileOp => "programs that look for the file do not find it (ENOENT)",
        UnlinkOp => "csrun's own file keeps a name in /dev",
        FchownOp or FchownatOp => "it belongs to the container's root",
        TerminalOp => "there is no terminal: the steps that use it have no descriptor (EBADF)",
        ControllingTerminalOp => "the terminal controls no session: Ctrl-C sends no signal, and a shell says that it has no job control",
        LoopbackOp => "the loopback interface stays down: 127.0.0.1 answers ENETUNREACH",
        SetNamesOp => "the container has the host's name, in a namespace of its own",
        WriteFileOp write => $"{write.Path} keeps its value",
        RlimitOp => "the limit is the caller's",
        PersonalityOp => "the execution domain is the caller's",
        SchedulerOp => "the scheduling policy is the caller's",
        IoPriorityOp => "the I/O priority is the caller's",
        MemoryPolicyOp => "the memory policy is the caller's",
        CpuAffinityOp => "the processors are those that the control group allows",
        AmbientCapabilityOp => "an ordinary user loses the capability at execve",
        ForkInitOp => "the command itself is PID 1: nobody reaps orphans, and signals without a handler are ignored (pid_namespaces(7))",
        WorkingDirectoryOp => "the command starts in the container's /",
        ResetSignalsOp => "every signal stays blocked in the command: SIGTERM and Ctrl-C do nothing, SIGKILL ends it",
        _ => "the steps after it find out",
    };
}
