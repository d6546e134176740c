using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Plans a further process in a container that runs: joins its namespaces, then does to the process what a launch does; pure.</summary>
/// <remarks>
/// From setns on, processes of the container see this one, while it still is csrun: its memory is closed to them before
/// (PR_SET_DUMPABLE), and nothing of the host is open in it but the standard streams and the control socket (CVE-2016-9962,
/// CVE-2024-21626). docs/design/launch-protocol.md, "A further process".
/// </remarks>
public static class JoinPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="request">The process, as <c>process</c> of the container's configuration; its root file system is not used.</param>
    /// <param name="container">The process to join, by pidfd.</param>
    /// <param name="root">Its root, where that is not the root of a mount namespace of its own.</param>
    public static LaunchPlan Plan(LaunchRequest request, OpenDescriptor container, OpenDescriptor? root = null)
    {
        PlanBuilder plan = new();
        PlanContext context = new(request, plan);
        FdSlot joined = plan.NewSlot("container's process");
        CgroupGroup? into = request.Cgroup?.IntoAtClone;
        SchedulingPlanner.Initial(context);
        plan.Csrun(new CloneOp(0, into?.Directory), "the child, which joins the container; a pidfd names it for good", "setns into a user namespace wants a process with one thread only, which csrun is not");
        if (request.Cgroup is { MovedLater: true } cgroup)
        {
            plan.Csrun(new JoinCgroupOp(cgroup), "what the process uses is counted and limited with the container", "the process would escape the container's limits, and stay when the group is killed or frozen");
        }

        plan.Child(new Dup3Op(context.InheritedControl, PlanContext.ControlFd, CloseOnExec: true, context.Control), "the control socket gets a fixed number; execve closes it, which tells csrun of the success", "csrun could not tell a command that runs from a child that still prepares it");
        CgroupSteps.Join(plan, request.Cgroup);
        plan.Child(new CloseDescriptorsOp(PlanContext.ControlFd + 1), "nothing that csrun or its caller left open comes along", "a process of the container could leave through a descriptor of the host: /proc/PID/fd/N/.. (CVE-2024-21626)");
        plan.Child(new Dup3Op(context.Control, PlanContext.RootFd, CloseOnExec: true), "keeps the number of the container's root free of anything else", "one of the next descriptors could take number 4, and the container's root would overwrite it later");
        const string Barrier = "the container is open";
        FdSlot? theirRoot = root is null ? null : plan.NewSlot(root.Name);
        ImmutableArray<SentDescriptor> procfs = LabelPlanner.Descriptors(request);
        ImmutableArray<FdSlot> received = [joined, .. theirRoot is { } sent ? (FdSlot[])[sent] : [], .. procfs.Select(_ => plan.NewSlot("procfs"))];
        plan.Csrun(new PassBarrierOp(Barrier, [container, .. root is null ? (SentDescriptor[])[] : [root], .. procfs]), "which process to join", "the child would have to find the process by its number, which another process may have by now");
        plan.Child(new AwaitBarrierOp(Barrier, context.Control, received), "which process to join", "there would be no container to join");
        Nothing(context);
        LabelPlanner.Apply(context, procfs.IsEmpty ? null : received[^1]);
        SchedulingPlanner.Final(context);
        SystemPlanner.OutOfMemoryScore(context);
        plan.Child(PrctlOp.Undumpable, "from the next step on processes of the container see this one, which still has csrun's memory (CVE-2016-9962)", "root of the container could trace this process, or open its descriptors, before it has become the command");
        if (context.Flags != 0)
        {
            plan.Child(new SetnsOp(joined, context.Flags), "the container's namespaces, all at once", "the process would stay on the host; one namespace after the other could leave it half inside when one of them refuses");
        }

        if (theirRoot is { } chroot)
        {
            plan.Child(new ChrootOp(chroot), "the container's root is not that of a mount namespace", "the command would run on the host's file system");
        }

        plan.Child(new ForkSiblingOp(), "only a new process is in the PID namespace; csrun is its parent, too", "the process would be in the container's PID namespace for its children only, and have no entry in the container's /proc");
        plan.Csrun(new AdoptSiblingOp(), "from here on the child is that process", "signals to csrun would go to the process that joined, which has ended");
        LaunchPlanner.BecomeRoot(context, "the caller may have no ID in the container's user namespace");
        if (!request.OutlivesCsrun)
        {
            plan.Child(PrctlOp.DieWithCsrun, "the process ends when csrun does, whatever kills it", "kill -9 of csrun exec would leave the command running, with nobody to wait for it");
        }

        plan.Child(PrctlOp.Undumpable, "joining a user namespace, or changing the user, resets it", "from here to execve root of the container could read csrun's memory");
        FdSlot top = plan.NewSlot("container's root");
        plan.Child(new OpenOp(null, "/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0, top), "the container's root", "csrun could not look, from outside, why the command cannot be executed");
        plan.Child(new Dup3Op(top, PlanContext.RootFd, CloseOnExec: true, context.Root), "csrun looks through it when the command cannot be executed", "the message would say ENOENT and not which of the command, its interpreter or its loader is missing");
        ProcessPlanner.Plan(context, Terminal(context), labelled: true);
        return new LaunchPlan
        {
            Namespaces = 0,
            Steps = plan.Steps,
            InheritedControl = context.InheritedControl,
            Root = context.Root,
            Facts = request.Facts,
        };
    }

    /// <summary>The streams that lead nowhere: the host's null device, because the container's may be anything by now.</summary>
    private static void Nothing(PlanContext context)
    {
        LaunchRequest request = context.Request;
        if (request.InheritsStreams || context.Spec.Process is { Terminal: true } || (request.Interactive && !request.OutlivesCsrun))
        {
            return;
        }

        PlanBuilder plan = context.Builder;
        FdSlot nothing = plan.NewSlot("/dev/null");
        plan.Child(new OpenOp(null, "/dev/null", OpenFlags.O_RDWR, ResolveFlags.RESOLVE_NO_SYMLINKS, nothing), request.OutlivesCsrun ? "nobody stays to read or write" : "without -i the command reads from nothing", "the command could read what is typed for the shell that started csrun");
        for (int stream = 0; stream < (request.OutlivesCsrun ? 3 : 1); stream++)
        {
            plan.Child(new Dup3Op(nothing, stream, CloseOnExec: false), stream == 0 ? "standard input" : stream == 1 ? "standard output" : "standard error", "the stream would stay the caller's: the command would read its input, or write to its terminal after csrun has gone");
        }
    }

    private static FdSlot? Terminal(PlanContext context)
    {
        if (context.Spec.Process is not { Terminal: true } process)
        {
            return null;
        }

        PlanBuilder plan = context.Builder;
        FdSlot devpts = plan.NewSlot("container's devpts");
        plan.Child(
            new OpenOp(null, "/dev/pts", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_SYMLINKS, devpts, Purpose: "the container's /dev/pts"),
            "where the container's terminals are", "the terminal would be made in the host's devpts, and its name would mean nothing in the container");
        FdSlot peer = plan.NewSlot("terminal");
        (ushort rows, ushort columns) = context.TerminalSize;
        plan.Child(new TerminalOp(devpts, plan.NewSlot("terminal master"), peer, context.Control, rows, columns), "a terminal of the container's own; csrun keeps the other end", "the command would have the caller's own terminal, into which it could push input (TIOCSTI)");
        plan.Child(new FchownOp(peer, process.User.Uid, uint.MaxValue), "the terminal belongs to the process's user", "a command that is not root could not open its own terminal again");
        return peer;
    }
}
