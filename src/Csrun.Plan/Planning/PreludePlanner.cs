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
public sealed record Prelude(CloneFlags Namespaces, ImmutableArray<IdMapping> Uid, ImmutableArray<IdMapping> Gid, MapWriterKind Writer, bool DenySetgroups, CgroupPlan? Cgroup = null);

/// <summary>The steps up to the written ID maps. They depend on so little that csrun clones first and plans the rest while
/// newuidmap and newgidmap run and the child makes its namespaces.</summary>
public static class PreludePlanner
{
    /// <summary>The prelude as a plan of its own.</summary>
    /// <param name="prelude">What it depends on.</param>
    public static LaunchPlan Plan(Prelude prelude)
    {
        PlanBuilder plan = new();
        FdSlot inherited = plan.NewSlot("inherited control");
        Plan(plan, inherited, plan.NewSlot("control"), prelude);
        return new LaunchPlan { Namespaces = NamespaceFlags.AtClone(prelude.Namespaces), Steps = plan.Steps, InheritedControl = inherited };
    }

    /// <summary>Adds the prelude's steps.</summary>
    internal static void Plan(PlanBuilder plan, FdSlot inherited, FdSlot control, Prelude prelude)
    {
        CloneFlags later = NamespaceFlags.InChild(prelude.Namespaces);
        CgroupGroup? into = prelude.Cgroup?.IntoAtClone;
        // A cgroup namespace begins at the group that its maker is in: a child that is moved makes it once it has been.
        CloneFlags moved = prelude.Cgroup is null || into is not null ? 0 : later & CloneFlags.CLONE_NEWCGROUP;
        later &= ~moved;
        if (prelude.Cgroup is { Driver: CgroupDriver.Cgroupfs } made)
        {
            plan.Csrun(new MakeCgroupOp(made), "the container's control group, with its limits before anything runs in it");
        }

        plan.Csrun(new CloneOp(NamespaceFlags.AtClone(prelude.Namespaces), into?.Directory), into is null ? "the child, in new namespaces; a pidfd names it for good" : "the child, in new namespaces and in its control group from the first moment; a pidfd names it for good");
        plan.Child(new Dup3Op(inherited, PlanContext.ControlFd, CloseOnExec: true, control), "the control socket gets a fixed number; execve closes it, which tells csrun of the success");
        plan.Child(new CloseDescriptorsOp(PlanContext.ControlFd + 1), "nothing that csrun or its caller left open comes along");
        plan.Child(new Dup3Op(control, PlanContext.RootFd, CloseOnExec: true), "keeps the number of the container's root free of anything else");
        plan.Child(PrctlOp.DieWithCsrun, "the container ends when csrun does, whatever kills it");
        plan.Child(new UmaskOp(0), "modes below are meant as they are written");
        if (later != 0)
        {
            plan.Child(new UnshareOp(later), "the other namespaces, which belong to the new user namespace; csrun writes the ID maps meanwhile");
        }

        if ((prelude.Namespaces & CloneFlags.CLONE_NEWUSER) != 0)
        {
            plan.Csrun(new WriteIdMapsOp(prelude.Uid, prelude.Gid, prelude.Writer, prelude.DenySetgroups), "which IDs of the host the container's IDs are");
        }

        if (prelude.Cgroup is { } joined && into is null)
        {
            plan.Csrun(new JoinCgroupOp(joined), joined.Unit is null ? "what the child and its children use is counted and limited there" : "systemd makes the group around a process that is there already");
        }

        const string Barrier = "id maps written";
        plan.Csrun(new PassBarrierOp(Barrier, []), "the child may go on");
        plan.Child(new AwaitBarrierOp(Barrier, control, []), "little can be done in the user namespace before it has its maps");
        if (moved != 0)
        {
            plan.Child(new UnshareOp(moved), "the control group that the child has been moved to becomes the root of what the container sees of them");
        }
    }
}
