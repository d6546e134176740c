using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Plans csrun itself as a worker inside a user namespace: there chown works without root, for the IDs of the map.</summary>
/// <remarks>The same plan and executor as for a container; only the root file system stays the host's.</remarks>
public static class WorkerPlanner
{
    /// <summary>The number of the first descriptor that a worker is handed; the next ones follow.</summary>
    public const int FirstFd = 10;

    /// <summary>Makes the plan.</summary>
    /// <param name="maps">The worker's user namespace.</param>
    /// <param name="writer">Who writes the maps.</param>
    /// <param name="denySetgroups">Whether setgroups(2) has to be denied first.</param>
    /// <param name="args">The worker's arguments, the name first.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="descriptors">What it is handed.</param>
    /// <param name="facts">What the host is like.</param>
    /// <param name="ownMounts">Whether the worker gets a mount namespace of its own, where it may mount.</param>
    public static LaunchPlan Plan(IdMapPair maps, MapWriterKind writer, bool denySetgroups, ImmutableArray<string> args, ImmutableArray<string> env, ImmutableArray<SentDescriptor> descriptors, HostFacts facts, bool ownMounts = false)
    {
        CloneFlags namespaces = CloneFlags.CLONE_NEWUSER | (ownMounts ? CloneFlags.CLONE_NEWNS : 0);
        PlanBuilder plan = new();
        FdSlot inherited = plan.NewSlot("inherited control");
        FdSlot control = plan.NewSlot("control");
        ImmutableArray<FdSlot> slots = [.. descriptors.Select(d => plan.NewSlot(d.Describe()))];
        PreludePlanner.Plan(plan, inherited, control, new Prelude(namespaces, maps.Uid.Mappings, maps.Gid.Mappings, writer, denySetgroups));
        plan.Csrun(new PassBarrierOp("descriptors open", descriptors), "what the worker works on", "the worker would have to find its directories by path, which its user may not search");
        plan.Child(new AwaitBarrierOp("descriptors open", control, slots), "what the worker works on", "the worker would have nothing to work on");
        plan.Child(new SetIdsOp(First(maps.Uid), First(maps.Gid), denySetgroups ? default : []), "the image's root", "chown would fail with EPERM for all IDs but the caller's");
        plan.Child(PrctlOp.DieWithCsrun, "a change of user clears the parent-death signal", "a killed csrun would leave the worker unpacking");
        plan.Child(new CheckCsrunAliveOp(control), "csrun may have ended before that took effect", "if csrun was killed a moment ago, the signal was never sent");
        // They arrive as the lowest free numbers, 4 and up: never one of these.
        for (int i = 0; i < slots.Length; i++)
        {
            plan.Child(new Dup3Op(slots[i], FirstFd + i, CloseOnExec: false), "under the number that the worker knows", "the worker would not know which descriptor is which");
        }

        plan.Child(new ResetSignalsOp(facts.IgnoredSignals), "as a program expects them", "the worker could not be interrupted");
        plan.Child(new ExecveOp(["/proc/self/exe"], args, env), "csrun again, as the worker", "nobody would do the work");
        return new LaunchPlan { Namespaces = NamespaceFlags.AtClone(namespaces), Steps = plan.Steps, InheritedControl = inherited, Facts = facts };
    }

    /// <summary>The ID that makes files in a namespace: 0, or the first that is mapped.</summary>
    internal static uint First(IdMap map) => map.ContainsContainer(0) ? 0 : map.Mappings.Min(m => m.ContainerId);
}
