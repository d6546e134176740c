using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>What the first steps of a launch depend on.</summary>
/// <param name="Namespaces">All new namespaces.</param>
/// <param name="Uid">The user map; used with a new user namespace.</param>
/// <param name="Gid">The group map.</param>
/// <param name="Writer">Who writes them.</param>
/// <param name="DenySetgroups">Whether setgroups(2) has to be denied first.</param>
/// <param name="Cgroup">The container's control group, or null for csrun's own.</param>
public sealed record Prelude(CloneFlags Namespaces, ImmutableArray<IdMapping> Uid, ImmutableArray<IdMapping> Gid, MapWriterKind Writer, bool DenySetgroups, CgroupPlan? Cgroup = null)
{
    /// <summary>The namespaces that are entered before the new ones are made. A mount namespace is entered last: until then paths are csrun's.</summary>
    public ImmutableArray<JoinedNamespace> Joined { get; init => field = value.RemoveAll(j => j.Kind == CloneFlags.CLONE_NEWNS); } = [];

    /// <summary>What clone3 makes. Nothing where namespaces are entered: that needs the rights that csrun has outside of a new user namespace.</summary>
    public CloneFlags AtClone => Joined.IsEmpty ? NamespaceFlags.AtClone(Namespaces) : 0;
}

/// <summary>The steps up to the written ID maps. They depend on so little that csrun clones first and plans the rest while
/// newuidmap and newgidmap run and the child makes its namespaces.</summary>
public static class PreludePlanner
{
    private const string MapsWritten = "id maps written";

    /// <summary>The prelude as a plan of its own.</summary>
    /// <param name="prelude">What it depends on.</param>
    public static LaunchPlan Plan(Prelude prelude)
    {
        PlanBuilder plan = new();
        FdSlot inherited = plan.NewSlot("inherited control"), control = plan.NewSlot("control");
        // As in the whole plan (PlanContext), which takes the same memory later: what this slot holds is sent along when a step fails, and a
        // descriptor of the prelude's that is closed by then cannot be.
        _ = plan.NewSlot("root");
        Plan(plan, inherited, control, prelude);
        return new LaunchPlan { Namespaces = prelude.AtClone, Steps = plan.Steps, InheritedControl = inherited };
    }

    /// <summary>Adds the prelude's steps.</summary>
    internal static void Plan(PlanBuilder plan, FdSlot inherited, FdSlot control, Prelude prelude)
    {
        CloneFlags later = NamespaceFlags.InChild(prelude.Namespaces);
        CgroupGroup? into = prelude.Cgroup?.IntoAtClone;
        // A cgroup namespace begins at the group that its maker is in: a child that is moved makes it once it has been.
        CloneFlags moved = prelude.Cgroup is { MovedLater: true } && prelude.Joined.IsEmpty ? later & CloneFlags.CLONE_NEWCGROUP : 0;
        later &= ~moved;
        if (prelude.Cgroup is { Driver: CgroupDriver.Cgroupfs } made)
        {
            plan.Csrun(new MakeCgroupOp(made), "the container's control group, with its limits before anything runs in it", "what the container uses would be counted with the caller's, and nothing would limit it");
        }

        string child = prelude.Joined.IsEmpty ? "the child, in new namespaces" : "the child, which enters namespaces before it makes new ones";
        plan.Csrun(new CloneOp(prelude.AtClone, into?.Directory), into is null ? $"{child}; a pidfd names it for good" : $"{child}, and in its control group from the first moment; a pidfd names it for good", "without a user namespace an ordinary user may make none of the others; without a PID namespace the container's processes would see, and could signal, the caller's");
        plan.Child(new Dup3Op(inherited, PlanContext.ControlFd, CloseOnExec: true, control), "the control socket gets a fixed number; execve closes it, which tells csrun of the success", "csrun could not tell a command that runs from a child that still prepares it, and a failure would have nobody to be reported to");
        CgroupSteps.Join(plan, prelude.Cgroup);
        plan.Child(new CloseDescriptorsOp(PlanContext.ControlFd + 1), "nothing that csrun or its caller left open comes along", "a descriptor of the host that csrun's caller left open, such as a directory, would be a way out of the container: /proc/self/fd/N/.. (CVE-2024-21626)");
        plan.Child(new Dup3Op(control, PlanContext.RootFd, CloseOnExec: true), "keeps the number of the container's root free of anything else", "one of the next descriptors could take number 4, and the container's root would overwrite it later");
        plan.Child(PrctlOp.DieWithCsrun, "the container ends when csrun does, whatever kills it", "kill -9 of csrun would leave a half-made container behind, stuck at the next barrier");
        plan.Child(new UmaskOp(0), "modes below are meant as they are written", "the caller's umask, such as 077, would be taken from every mode: /dev/null could be 0600, and nobody but root could write to it");
        if (!prelude.Joined.IsEmpty)
        {
            Join(plan, control, prelude, later);
            return;
        }

        if (later != 0)
        {
            plan.Child(new UnshareOp(later), "the other namespaces, which belong to the new user namespace; csrun writes the ID maps meanwhile", "each of them would stay the host's: its mounts, host name, network and message queues, which the user namespace's root has no say over");
        }

        WriteMaps(plan, control, prelude);
        if (moved != 0)
        {
            plan.Child(new UnshareOp(moved), "the control group that the child has been moved to becomes the root of what the container sees of them", "the container would see in /proc/self/cgroup, and in /sys/fs/cgroup, where on the host its group lies");
        }
    }

    /// <summary>Enters what is there, then makes what is new.</summary>
    /// <remarks>Entering wants CAP_SYS_ADMIN in the user namespace that owns what is entered: that of a user namespace which is entered
    /// first, else csrun's own, which a new user namespace would take away. runtime-spec config-linux.md, "Namespaces".</remarks>
    private static void Join(PlanBuilder plan, FdSlot control, Prelude prelude, CloneFlags later)
    {
        const string Open = "namespaces open";
        ImmutableArray<FdSlot> slots = [.. prelude.Joined.Select(j => plan.NewSlot(j.Namespace.Name))];
        plan.Csrun(new PassBarrierOp(Open, [.. prelude.Joined.Select(j => (SentDescriptor)j.Namespace)]), "the namespaces to enter, opened by csrun", "the child would open them by path, which may lead to another namespace by then");
        plan.Child(new AwaitBarrierOp(Open, control, slots), "the namespaces to enter", "the child would have nothing to enter");
        foreach (bool user in (ReadOnlySpan<bool>)[true, false])
        {
            for (int i = 0; i < slots.Length; i++)
            {
                JoinedNamespace joined = prelude.Joined[i];
                if (joined.Kind == CloneFlags.CLONE_NEWUSER == user)
                {
                    plan.Child(
                        new EnterNamespaceOp(slots[i], joined.Kind, joined.Path),
                        user ? "the user namespace first: with its capabilities the others are entered" : joined.Kind == CloneFlags.CLONE_NEWPID ? "the next child is in it" : "shared with what is in it already", "the container would have a namespace of its own, or the host's, and not share that of the other one");
                    plan.Child(new CloseOp(slots[i]), "not needed any more", "a process of the container could enter the namespace through the descriptor");
                }
            }
        }

        bool newUser = (prelude.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        if (newUser)
        {
            const string Made = "user namespace made";
            plan.Child(new UnshareOp(CloneFlags.CLONE_NEWUSER), "the new user namespace, only now: from in it the others could not have been entered", "the container's root would be the host's, or that of the namespace that was entered");
            plan.Child(new AnnounceOp(Made, control), "csrun can write its maps", "csrun could write the maps of the wrong namespace: the child's old one");
            plan.Csrun(new AwaitChildOp(Made), "before that there is nothing to write maps for", "csrun could write the maps of the wrong namespace: the child's old one");
        }

        WriteMaps(plan, control, prelude);
        bool newPid = (prelude.Namespaces & CloneFlags.CLONE_NEWPID) != 0;
        if (newPid)
        {
            plan.Child(new UnshareOp(CloneFlags.CLONE_NEWPID), "the next child is the first process of a new PID namespace", "the container would see the processes of the namespace that csrun is in");
        }

        bool joinedPid = prelude.Joined.Any(j => j.Kind == CloneFlags.CLONE_NEWPID);
        if (newPid || joinedPid)
        {
            if (joinedPid)
            {
                plan.Child(PrctlOp.Undumpable, "from the next step on processes of the container see this one, which still has csrun's memory (CVE-2016-9962)", "root of the container could trace this process before it has become the command");
            }

            plan.Child(new ForkSiblingOp(), "only a new process is in the PID namespace; csrun is its parent, too", "the process would be in the PID namespace for its children only");
            plan.Csrun(new AdoptSiblingOp(), "from here on the child is that process", "signals to csrun would go to the process that joined, which has ended");
        }

        plan.Child(PrctlOp.DieWithCsrun, "entering a user namespace clears the parent-death signal, and a new process has none", "kill -9 of csrun would leave a half-made container behind");
        plan.Child(new CheckCsrunAliveOp(control), "csrun may have ended before that took effect", "if csrun was killed a moment ago, the signal was never sent");
        if (later != 0)
        {
            plan.Child(new UnshareOp(later), "the other namespaces", "each of them would stay the host's");
        }
    }

    private static void WriteMaps(PlanBuilder plan, FdSlot control, Prelude prelude)
    {
        if ((prelude.Namespaces & CloneFlags.CLONE_NEWUSER) != 0)
        {
            plan.Csrun(new WriteIdMapsOp(prelude.Uid, prelude.Gid, prelude.Writer, prelude.DenySetgroups), "which IDs of the host the container's IDs are", "every ID in the namespace would be the overflow ID, 65534 (nobody), setuid would fail with EINVAL, and no file could be made");
        }

        if (prelude.Cgroup is { MovedLater: true } moved)
        {
            plan.Csrun(new JoinCgroupOp(moved), "systemd makes the group around a process that is there already", "the group would stay empty, and its limits would hold for nobody");
        }

        plan.Csrun(new PassBarrierOp(MapsWritten, []), "the child may go on", "the child would wait for ever");
        plan.Child(new AwaitBarrierOp(MapsWritten, control, []), "little can be done in the user namespace before it has its maps", "setresuid(0) would fail with EINVAL whenever the child happened to be faster than the maps: a race");
    }
}
