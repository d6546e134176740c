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
    /// <summary>The namespaces that are entered before the new ones are made.</summary>
    public ImmutableArray<JoinedNamespace> Joined { get; init; } = [];

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
        FdSlot inherited = plan.NewSlot("inherited control");
        Plan(plan, inherited, plan.NewSlot("control"), prelude);
        return new LaunchPlan { Namespaces = prelude.AtClone, Steps = plan.Steps, InheritedControl = inherited };
    }

    /// <summary>Adds the prelude's steps.</summary>
    internal static void Plan(PlanBuilder plan, FdSlot inherited, FdSlot control, Prelude prelude)
    {
        CloneFlags later = NamespaceFlags.InChild(prelude.Namespaces);
        CgroupGroup? into = prelude.Cgroup?.IntoAtClone;
        // A cgroup namespace begins at the group that its maker is in: a child that is moved makes it once it has been.
        CloneFlags moved = prelude.Cgroup is null || into is not null || !prelude.Joined.IsEmpty ? 0 : later & CloneFlags.CLONE_NEWCGROUP;
        later &= ~moved;
        if (prelude.Cgroup is { Driver: CgroupDriver.Cgroupfs } made)
        {
            plan.Csrun(new MakeCgroupOp(made), "the container's control group, with its limits before anything runs in it");
        }

        string child = prelude.Joined.IsEmpty ? "the child, in new namespaces" : "the child, which enters namespaces before it makes new ones";
        plan.Csrun(new CloneOp(prelude.AtClone, into?.Directory), into is null ? $"{child}; a pidfd names it for good" : $"{child}, and in its control group from the first moment; a pidfd names it for good");
        plan.Child(new Dup3Op(inherited, PlanContext.ControlFd, CloseOnExec: true, control), "the control socket gets a fixed number; execve closes it, which tells csrun of the success");
        plan.Child(new CloseDescriptorsOp(PlanContext.ControlFd + 1), "nothing that csrun or its caller left open comes along");
        plan.Child(new Dup3Op(control, PlanContext.RootFd, CloseOnExec: true), "keeps the number of the container's root free of anything else");
        plan.Child(PrctlOp.DieWithCsrun, "the container ends when csrun does, whatever kills it");
        plan.Child(new UmaskOp(0), "modes below are meant as they are written");
        if (!prelude.Joined.IsEmpty)
        {
            Join(plan, control, prelude, later);
            return;
        }

        if (later != 0)
        {
            plan.Child(new UnshareOp(later), "the other namespaces, which belong to the new user namespace; csrun writes the ID maps meanwhile");
        }

        WriteMaps(plan, control, prelude);
        if (moved != 0)
        {
            plan.Child(new UnshareOp(moved), "the control group that the child has been moved to becomes the root of what the container sees of them");
        }
    }

    /// <summary>Enters what is there, then makes what is new.</summary>
    /// <remarks>Entering wants CAP_SYS_ADMIN in the user namespace that owns what is entered: that of a user namespace which is entered
    /// first, else csrun's own, which a new user namespace would take away. runtime-spec config-linux.md, "Namespaces".</remarks>
    private static void Join(PlanBuilder plan, FdSlot control, Prelude prelude, CloneFlags later)
    {
        const string Open = "namespaces open";
        ImmutableArray<FdSlot> slots = [.. prelude.Joined.Select(j => plan.NewSlot(j.Namespace.Name))];
        plan.Csrun(new PassBarrierOp(Open, [.. prelude.Joined.Select(j => (SentDescriptor)j.Namespace)]), "the namespaces to enter, opened by csrun");
        plan.Child(new AwaitBarrierOp(Open, control, slots), "the namespaces to enter");
        foreach (bool user in (ReadOnlySpan<bool>)[true, false])
        {
            for (int i = 0; i < slots.Length; i++)
            {
                JoinedNamespace joined = prelude.Joined[i];
                if (joined.Kind == CloneFlags.CLONE_NEWUSER == user)
                {
                    plan.Child(
                        new EnterNamespaceOp(slots[i], joined.Kind, joined.Path),
                        user ? "the user namespace first: with its capabilities the others are entered" : joined.Kind == CloneFlags.CLONE_NEWPID ? "the next child is in it" : "shared with what is in it already");
                    plan.Child(new CloseOp(slots[i]), "not needed any more");
                }
            }
        }

        bool newUser = (prelude.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        if (newUser)
        {
            const string Made = "user namespace made";
            plan.Child(new UnshareOp(CloneFlags.CLONE_NEWUSER), "the new user namespace, only now: from in it the others could not have been entered");
            plan.Child(new AnnounceOp(Made, control), "csrun can write its maps");
            plan.Csrun(new AwaitChildOp(Made), "before that there is nothing to write maps for");
        }

        WriteMaps(plan, control, prelude);
        bool newPid = (prelude.Namespaces & CloneFlags.CLONE_NEWPID) != 0;
        if (newPid)
        {
            plan.Child(new UnshareOp(CloneFlags.CLONE_NEWPID), "the next child is the first process of a new PID namespace");
        }

        bool joinedPid = prelude.Joined.Any(j => j.Kind == CloneFlags.CLONE_NEWPID);
        if (newPid || joinedPid)
        {
            if (joinedPid)
            {
                plan.Child(PrctlOp.Undumpable, "from the next step on processes of the container see this one, which still has csrun's memory (CVE-2016-9962)");
            }

            plan.Child(new ForkSiblingOp(), "only a new process is in the PID namespace; csrun is its parent, too");
            plan.Csrun(new AdoptSiblingOp(), "from here on the child is that process");
        }

        plan.Child(PrctlOp.DieWithCsrun, "entering a user namespace clears the parent-death signal, and a new process has none");
        plan.Child(new CheckCsrunAliveOp(control), "csrun may have ended before that took effect");
        if (later != 0)
        {
            plan.Child(new UnshareOp(later), "the other namespaces");
        }
    }

    private static void WriteMaps(PlanBuilder plan, FdSlot control, Prelude prelude)
    {
        if ((prelude.Namespaces & CloneFlags.CLONE_NEWUSER) != 0)
        {
            plan.Csrun(new WriteIdMapsOp(prelude.Uid, prelude.Gid, prelude.Writer, prelude.DenySetgroups), "which IDs of the host the container's IDs are");
        }

        CgroupGroup? into = prelude.Cgroup?.IntoAtClone;
        if (prelude.Cgroup is { } joined && into is null)
        {
            plan.Csrun(new JoinCgroupOp(joined), joined.Unit is null ? "what the child and its children use is counted and limited there" : "systemd makes the group around a process that is there already");
        }

        plan.Csrun(new PassBarrierOp(MapsWritten, []), "the child may go on");
        plan.Child(new AwaitBarrierOp(MapsWritten, control, []), "little can be done in the user namespace before it has its maps");
    }
}
