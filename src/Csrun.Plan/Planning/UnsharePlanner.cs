using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Identity;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Plans <c>csrun unshare</c>: a command of the host in a new user namespace, and otherwise as its caller would run it.</summary>
/// <remarks>
/// Descriptors, working directory, umask, process group, session and terminal stay the caller's: pipes, process substitution and
/// job control work as without csrun. With ID maps it has a mount namespace too, so that it may mount (docs/adr/0018).
/// </remarks>
public static class UnsharePlanner
{
    private const string Barrier = "csrun is ready";

    /// <summary>Plans a namespace with ID maps.</summary>
    /// <param name="identity">The maps, and the user that the command is to be.</param>
    /// <param name="writer">Who writes the maps.</param>
    /// <param name="args">The command and its arguments.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="facts">What the host is like.</param>
    public static LaunchPlan Mapped(IdentityPlan identity, MapWriterKind writer, IReadOnlyList<string> args, ImmutableArray<string> env, HostFacts facts)
    {
        PlanBuilder plan = new();
        FdSlot control = Begin(plan);
        plan.Child(new UnshareOp(CloneFlags.CLONE_NEWNS), "mounts that the command makes are its own; those of the host keep coming in, mount_namespaces(7)", "the command's mounts would fail with EPERM: the host's mount namespace belongs to another user namespace");
        plan.Csrun(new WriteIdMapsOp(identity.Uid.Mappings, identity.Gid.Mappings, writer, identity.DenySetgroups), "which IDs of the host the namespace's IDs are", "every ID would be the overflow ID, 65534 (nobody)");
        Pass(plan, control);
        uint uid = identity.DefaultUser?.Uid ?? WorkerPlanner.First(identity.Uid);
        uint gid = identity.DefaultUser?.Gid ?? WorkerPlanner.First(identity.Gid);
        bool caller = identity.Uid.ToHost(uid) == facts.CallerUid;
        // Who stays the caller on the host keeps the caller's groups; who becomes somebody else must not keep rights that come from them.
        plan.Child(
            new SetIdsOp(uid, gid, caller || identity.DenySetgroups ? default : []),
            caller ? $"user {uid} of the namespace, which is the caller; with the caller's groups" : $"user {uid} of the namespace", "the command would stay the caller, who may have no ID in the namespace and so no capabilities");
        return End(plan, control, args, env, facts);
    }

    /// <summary>Plans a namespace without ID maps: every ID in it is the overflow ID, "nobody", until someone writes them.</summary>
    /// <param name="args">The command and its arguments.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="facts">What the host is like.</param>
    public static LaunchPlan Unmapped(IReadOnlyList<string> args, ImmutableArray<string> env, HostFacts facts)
    {
        PlanBuilder plan = new();
        FdSlot control = Begin(plan);
        Pass(plan, control);
        return End(plan, control, args, env, facts);
    }

    private static FdSlot Begin(PlanBuilder plan)
    {
        FdSlot control = plan.NewSlot("control");
        plan.Csrun(new CloneOp(CloneFlags.CLONE_NEWUSER), "the child, in a new user namespace; it inherits the caller's descriptors, session and terminal", "csrun itself would have to change its namespace, which a process with threads may not (EINVAL)");
        plan.Child(PrctlOp.DieWithCsrun, "the command ends when csrun does, whatever kills it", "kill -9 of csrun would leave the command running");
        return control;
    }

    private static void Pass(PlanBuilder plan, FdSlot control)
    {
        plan.Csrun(new ForwardSignalsOp(), "a signal to csrun that came now would reach nobody", "a signal to csrun would end csrun, and leave the command to SIGKILL");
        plan.Csrun(new PassBarrierOp(Barrier, []), "the child may go on", "the child would wait for ever");
        plan.Child(new AwaitBarrierOp(Barrier, control, []), "the command starts once the maps are written and signals are passed on", "the command could see a namespace without maps: itself as nobody");
    }

    private static LaunchPlan End(PlanBuilder plan, FdSlot control, IReadOnlyList<string> args, ImmutableArray<string> env, HostFacts facts)
    {
        plan.Child(PrctlOp.DieWithCsrun, "a change of user clears the parent-death signal", "kill -9 of csrun would leave the command running");
        plan.Child(new CheckCsrunAliveOp(control), "csrun may have ended before that took effect", "if csrun was killed a moment ago, the signal was never sent");
        // SIGPIPE is csrun's own doing; what else is ignored, the caller has ignored for the command (nohup(1)).
        plan.Child(new ResetSignalsOp([.. facts.IgnoredSignals.Where(s => s == Signal.SIGPIPE)]), "the runtime of csrun ignores SIGPIPE, and all signals were blocked since clone3", "the command could not be interrupted, and would not end when the pipe that it writes to is closed");
        plan.Child(new ExecveOp(CommandPath.Candidates(args, env), [.. args], env), "the command; the control socket closes by itself, which tells csrun of the success", "there would be a namespace and nothing in it");
        return new LaunchPlan { Namespaces = CloneFlags.CLONE_NEWUSER, Steps = plan.Steps, InheritedControl = control, KeepsDescriptors = true, Facts = facts };
    }
}
