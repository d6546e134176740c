using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Turns a configuration and host facts into a launch plan; pure.</summary>
/// <remarks>
/// The order has one idea: first gather, as the caller, descriptors of everything that comes from the host; then become the
/// container's root; then make what is new; then leave the host's file system for good; and only then attach mounts by paths
/// that the image has a say in, because by then no path leads out. docs/design/launch-protocol.md.
/// </remarks>
public static class LaunchPlanner
{
    /// <summary>Makes the plan.</summary>
    public static LaunchPlan Plan(LaunchRequest request)
    {
        PlanBuilder plan = new();
        PlanContext context = new(request, plan);

        Prelude prelude = Prelude(request.Spec, request.MapWriter, request.DenySetgroups, request.Cgroup) with { Joined = request.Joined };
        PreludePlanner.Plan(plan, context.InheritedControl, context.Control, prelude);
        NetDevicePlanner.Plan(context);
        if (!context.Hooks.WantMounts)
        {
            context.Hooks.Runtime();
        }

        context.AddIdMappedMounts();

        if (context.Has(CloneFlags.CLONE_NEWNS))
        {
            plan.Child(new PropagationOp(context.RootPropagation), "mounts made from here on stay in this namespace", "where / is shared, as systemd makes it, each of the container's mounts would show on the host, and pivot_root would fail with EINVAL");
        }

        RootfsPlanner rootfs = new(context);
        MountPlanner mounts = new(context);
        MaskPlanner masks = new(context);
        rootfs.Gather();
        mounts.Gather();
        masks.Gather();
        SystemPlanner.OwnProcess(context);
        BecomeRoot(context, "from here on files are made as the container's root; what belongs to the caller is open already");
        if (context.OwnUserNamespace)
        {
            plan.Child(PrctlOp.DieWithCsrun, "a change of user clears the parent-death signal", "since the change of user just now nothing would end the child when csrun is killed");
        }

        rootfs.Make();
        mounts.Make();
        masks.Make();
        if (context.Hooks.WantMounts)
        {
            // Hooks of these kinds run when everything is mounted and paths still are the host's (runtime-spec config.md): docs/adr/0032.
            rootfs.Place();
            mounts.Attach();
            context.Hooks.Runtime();
            context.Hooks.Container();
            SystemPlanner.Plan(context);
            rootfs.Enter();
        }
        else
        {
            SystemPlanner.Plan(context);
            rootfs.Place();
            rootfs.Enter();
            mounts.Attach();
        }

        if (request.Start is not null && context.Spec.Process?.Cwd is { Length: > 1 } cwd)
        {
            TargetPlanner.WorkingDirectory(context, cwd.TrimEnd('/'));
        }

        masks.Attach();
        rootfs.Seal();
        rootfs.Propagate();
        rootfs.EnterMountNamespace();
        ProcessPlanner.Plan(context, mounts.TerminalPeer);

        return new LaunchPlan
        {
            Namespaces = prelude.AtClone,
            Steps = LabelPlanner.WithMountLabel(plan.Steps, request.Spec.Linux?.MountLabel),
            InheritedControl = context.InheritedControl,
            Root = context.Root,
            Facts = request.Facts,
            MappedVolumes = [.. context.MappedVolumes],
            OwnDirectory = (request.Rootfs as LayeredRootfs)?.LayerDirectory,
            WaitsForStart = request.Start is not null,
        };
    }

    /// <summary>What the first steps depend on: little enough to clone before the rest is planned.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="writer">Who writes the ID maps.</param>
    /// <param name="denySetgroups">Whether setgroups(2) has to be denied first.</param>
    /// <param name="cgroup">The container's control group, or null for csrun's own.</param>
    public static Prelude Prelude(Spec spec, MapWriterKind writer, bool denySetgroups, CgroupPlan? cgroup = null) => new(
        NamespaceFlags.Of(spec),
        Convert(spec.Linux?.UidMappings ?? []),
        Convert(spec.Linux?.GidMappings ?? []),
        writer,
        denySetgroups,
        cgroup);

    /// <summary>Becomes the container's root, when there is a user namespace and 0 is mapped in it.</summary>
    internal static void BecomeRoot(PlanContext context, string why)
    {
        if (!context.OwnUserNamespace)
        {
            return;
        }

        ImmutableArray<uint> groups = context.Request.DenySetgroups || context.Request.KeepGroups ? default : [];
        context.Builder.Child(
            new SetIdsOp(context.SetupUid, context.SetupGid, groups),
            why,
            "the root file system would be made by a user whom the container may not have: its files would be nobody's, or could not be made (EOVERFLOW)");
    }

    private static ImmutableArray<IdMapping> Convert(IReadOnlyList<LinuxIdMapping> mappings)
    {
        ImmutableArray<IdMapping>.Builder result = ImmutableArray.CreateBuilder<IdMapping>(mappings.Count);
        foreach (LinuxIdMapping mapping in mappings)
        {
            result.Add(new IdMapping(mapping.ContainerID, mapping.HostID, mapping.Size));
        }

        return result.ToImmutable();
    }
}
