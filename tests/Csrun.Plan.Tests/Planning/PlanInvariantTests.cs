using System.Text.RegularExpressions;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>What holds for every launch plan, over all combinations of identities, root file systems and features.</summary>
public sealed partial class PlanInvariantTests
{
    private static readonly (string Name, LaunchPlan Plan)[] s_plans = [.. LaunchRequests.Family().Select(one => (one.Name, LaunchPlanner.Plan(one.Request)))];

    [Fact]
    public void The_family_is_large() => Assert.True(s_plans.Length > 200, $"{s_plans.Length} plans");

    [Fact]
    public void Steps_are_numbered_from_one_and_have_reasons() => ForAll((plan, _) =>
    {
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            Assert.Equal(i + 1, plan.Steps[i].Number);
            Assert.Same(plan.Steps[i], plan[i + 1]);
            Assert.Matches("^\\S.*[^.\\s]$", plan.Steps[i].Why);
        }
    });

    [Fact]
    public void Each_barrier_appears_once_for_each_actor_in_the_same_order() => ForAll((plan, _) =>
    {
        PassBarrierOp[] passed = [.. plan.Steps.OfType<CsrunStep>().Select(step => step.Op).OfType<PassBarrierOp>()];
        AwaitBarrierOp[] awaited = [.. Ops(plan).OfType<AwaitBarrierOp>()];
        Assert.Equal(passed.Select(b => b.Name), awaited.Select(b => b.Name));
        Assert.Equal(passed.Length, passed.Select(b => b.Name).Distinct().Count());
        Assert.Equal(passed.Select(b => b.Descriptors.Length), awaited.Select(b => b.Fds.Length));
        Assert.NotEmpty(passed);
        foreach (PassBarrierOp barrier in passed)
        {
            Assert.True(Number(plan, step => step is CsrunStep { Op: PassBarrierOp p } && p == barrier) < Number(plan, step => step is ChildStep { Op: AwaitBarrierOp a } && a.Name == barrier.Name));
        }
    });

    [Fact]
    public void Maps_are_written_before_the_barrier_that_waits_for_them() => ForAll((plan, request) =>
    {
        bool userNamespace = (plan.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        Assert.Equal(userNamespace, plan.Steps.Any(step => step is CsrunStep { Op: WriteIdMapsOp }));
        Assert.Equal(userNamespace, request.Spec.Linux!.UidMappings.Count != 0);
        if (userNamespace)
        {
            Assert.True(Number(plan, step => step is CsrunStep { Op: WriteIdMapsOp }) < Number(plan, step => step is CsrunStep { Op: PassBarrierOp }));
            Assert.True(Number(plan, step => step is ChildStep { Op: AwaitBarrierOp }) < Number(plan, step => step is ChildStep { Op: SetIdsOp }));
        }
    });

    [Fact]
    public void All_namespaces_are_made_once_by_clone_or_by_the_child() => ForAll((plan, request) =>
    {
        CloneFlags[] made = [plan.Namespaces, .. Ops(plan).OfType<UnshareOp>().Select(op => op.Namespaces)];
        Assert.Equal(NamespaceFlags.Of(request.Spec), made.Aggregate((a, b) => a | b));
        Assert.Equal(made.Sum(flags => System.Numerics.BitOperations.PopCount((ulong)flags)), System.Numerics.BitOperations.PopCount((ulong)NamespaceFlags.Of(request.Spec)));
    });

    [Fact]
    public void A_prelude_is_the_beginning_of_its_plan() => ForAll((plan, request) =>
    {
        LaunchPlan prelude = PreludePlanner.Plan(LaunchPlanner.Prelude(request.Spec, request.MapWriter, request.DenySetgroups));
        Assert.Equal(prelude.Namespaces, plan.Namespaces);
        Assert.Equal(prelude.InheritedControl, plan.InheritedControl);
        Assert.Equal(Text(prelude.Steps), Text(plan.Steps.Take(prelude.Steps.Length)));
        // The child reads on only after the barrier: by then csrun has added the rest.
        Assert.IsType<AwaitBarrierOp>(((ChildStep)prelude.Steps[^1]).Op);
    });

    [Fact]
    public void The_tree_is_private_or_slave_before_any_mount_and_before_pivot_root() => ForAll((plan, _) =>
    {
        PropagationOp propagation = Assert.Single(Ops(plan).OfType<PropagationOp>());
        Assert.Contains(propagation.Propagation, (MountFlags[])[MountFlags.MS_PRIVATE, MountFlags.MS_SLAVE]);
        int at = Number(plan, step => step is ChildStep { Op: PropagationOp });
        Assert.True(at < Number(plan, step => step is ChildStep { Op: PivotRootOp }));
        Assert.True(at < Number(plan, step => step is ChildStep { Op: MoveMountOp or NewFilesystemOp or OpenTreeOp or MountSetattrOp }));
    });

    [Fact]
    public void Every_slot_is_filled_once_and_before_it_is_used() => ForAll((plan, _) =>
    {
        using RawProgram program = new();
        plan.Lower(program);
        HashSet<int> filled = [plan.InheritedControl.Index];
        for (int i = 0; i < program.Count; i++)
        {
            RawUse use = program.Use(i);
            Assert.All(use.Reads, slot => Assert.True(filled.Contains(slot), $"step {use.Step}: slot {slot} is used before it is filled"));
            Assert.True(use.Writes < 0 || filled.Add(use.Writes), $"step {use.Step}: slot {use.Writes} is filled twice");
        }

        Assert.Contains(plan.Root!.Value.Index, filled);
    });

    [Fact]
    public void Every_printed_call_is_one_call_of_the_kernel() => ForAll((plan, _) =>
    {
        using RawProgram program = new();
        plan.Lower(program);
        ILookup<int, RawUse> uses = Enumerable.Range(0, program.Count).Select(program.Use).ToLookup(use => use.Step);
        foreach (ChildStep step in plan.Steps.OfType<ChildStep>())
        {
            StraceText text = new();
            step.Op.ToStrace(text);
            Assert.True(text.Calls.Count == uses[step.Number].Count(use => use.IsCall), $"{step.Op}: {text.Calls.Count} printed, {uses[step.Number].Count(use => use.IsCall)} lowered");
            Assert.All(text.Calls, call => Assert.Matches(@"^[a-z0-9_]+\(.*(\)|\.\.\.\))$", call));
            // A call whose result a later step uses says so, and no other does.
            Assert.Equal(uses[step.Number].Count(use => use.IsCall && use.Writes >= 0), text.Lines.Count(line => ResultSlot().IsMatch(line)));
        }
    });

    [Fact]
    public void The_command_is_the_last_step_and_the_only_one() => ForAll((plan, _) =>
    {
        Assert.Single(Ops(plan).OfType<ExecveOp>());
        Assert.IsType<ExecveOp>(((ChildStep)plan.Steps[^1]).Op);
    });

    [Fact]
    public void Nothing_is_mounted_once_capabilities_are_dropped() => ForAll((plan, _) =>
    {
        int drop = Number(plan, step => step is ChildStep { Op: CapabilityBoundingOp or CapsetOp });
        Assert.DoesNotContain(plan.Steps.Skip(drop), step => step is ChildStep { Op: MoveMountOp or NewFilesystemOp or OpenTreeOp or MountSetattrOp or PropagationOp or PivotRootOp or MknodOp or UnshareOp or WriteFileOp });
    });

    [Fact]
    public void The_filter_is_loaded_while_the_kernel_allows_it_and_as_late_as_that() => ForAll((plan, request) =>
    {
        Assert.Equal(request.SeccompFilter is null ? 0 : 1, Ops(plan).OfType<SeccompOp>().Count());
        if (request.SeccompFilter is null)
        {
            return;
        }

        int filter = Number(plan, step => step is ChildStep { Op: SeccompOp });
        CapsetOp before = (CapsetOp)((ChildStep)plan[LastNumber(plan, step => step.Number < filter && step is ChildStep { Op: CapsetOp })]).Op;
        bool noNewPrivileges = request.Spec.Process!.NoNewPrivileges;
        Assert.Equal(noNewPrivileges, plan.Steps.Any(step => step is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS } }));
        if (noNewPrivileges)
        {
            Assert.True(Number(plan, step => step is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS } }) < filter);
        }
        else
        {
            Assert.True((before.Effective & CapabilitySet.Of(Capability.CAP_SYS_ADMIN).Mask) != 0, "without no_new_privs a filter needs CAP_SYS_ADMIN");
        }

        // The filter is the configuration's, and may be somebody's own: what runs under it is as little as can be.
        Assert.DoesNotContain(Ops(plan).SkipWhile(op => op is not SeccompOp).Skip(1).TakeWhile(op => op is not ForkInitOp), op => op is not (CapsetOp or ExecveOp or ForkInitOp));
        if (!Ops(plan).Any(op => op is ForkInitOp))
        {
            Assert.InRange(plan.Steps.Length - filter, 1, 2);
        }
    });

    [Fact]
    public void What_is_kept_for_the_filter_is_given_up_after_it() => ForAll((plan, request) =>
    {
        Capabilities? granted = request.Spec.Process!.Capabilities;
        CapsetOp last = Ops(plan).OfType<CapsetOp>().Last();
        Assert.Equal(Mask(granted?.Effective), last.Effective);
        Assert.Equal(Mask(granted?.Permitted), last.Permitted);
        Assert.Equal(Mask(granted?.Inheritable), last.Inheritable);
        Assert.InRange(Ops(plan).Count(op => op is CapsetOp), 1, 2);
        static ulong Mask(IEnumerable<string>? names) => (names ?? []).Aggregate(0UL, (mask, name) => mask | CapabilitySet.Of(CapabilityNames.Parse(name, "")).Mask);
    });

    [Fact]
    public void Users_change_in_the_kernels_order() => ForAll((plan, request) =>
    {
        foreach (SetIdsOp op in Ops(plan).OfType<SetIdsOp>())
        {
            StraceText text = new();
            op.ToStrace(text);
            string[] names = [.. text.Calls.Select(call => call[..call.IndexOf('(', StringComparison.Ordinal)])];
            Assert.Equal(op.Groups.IsDefault ? ["setresgid", "setresuid"] : ["setgroups", "setresgid", "setresuid"], names);
            Assert.Equal(request.DenySetgroups, op.Groups.IsDefault);
        }

        int user = LastNumber(plan, step => step is ChildStep { Op: SetIdsOp });
        Assert.Equal(request.Spec.Process!.User.Uid, ((SetIdsOp)((ChildStep)plan[user]).Op).Uid);
        Assert.True(Number(plan, step => step is ChildStep { Op: CapabilityBoundingOp }) < user, "the bounding set can be dropped with CAP_SETPCAP only");
        Assert.True(Number(plan, step => step is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_KEEPCAPS } }) < user);
        Assert.True(user < Number(plan, step => step is ChildStep { Op: CapsetOp }));
    });

    [Fact]
    public void The_parent_death_signal_is_set_after_the_last_change_that_clears_it_and_checked() => ForAll((plan, _) =>
    {
        int last = LastNumber(plan, step => step is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG } });
        // Capabilities that are only given up leave it (commit_creds() in kernel/cred.c).
        Assert.True(LastNumber(plan, step => step is ChildStep { Op: SetIdsOp or AmbientCapabilityOp }) < last);
        CapsetOp[] sets = [.. plan.Steps.OfType<ChildStep>().Select(step => step.Op).OfType<CapsetOp>()];
        Assert.All(sets.Zip(sets.Skip(1)), pair => Assert.Equal(0UL, pair.Second.Permitted & ~pair.First.Permitted));
        Assert.True(Number(plan, step => step is ChildStep { Op: CapsetOp }) < last);
        Assert.IsType<CheckCsrunAliveOp>(((ChildStep)plan[last + 1]).Op);
        foreach (ChildStep ids in plan.Steps.OfType<ChildStep>().Where(step => step.Op is SetIdsOp))
        {
            Assert.Contains(plan.Steps.Skip(ids.Number), step => step is ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG } });
        }
    });

    [Fact]
    public void Descriptors_are_closed_before_the_working_directory_and_the_command_are_looked_up() => ForAll((plan, _) =>
    {
        int[] closes = [.. plan.Steps.OfType<ChildStep>().Where(step => step.Op is CloseDescriptorsOp).Select(step => step.Number)];
        Assert.Equal(2, closes.Length);
        Assert.Equal(PlanContext.ControlFd + 1, ((CloseDescriptorsOp)((ChildStep)plan[closes[0]]).Op).First);
        Assert.Equal(PlanContext.RootFd + 1, ((CloseDescriptorsOp)((ChildStep)plan[closes[1]]).Op).First);
        Assert.True(closes[0] < Number(plan, step => step is ChildStep { Op: AwaitBarrierOp }));
        Assert.True(closes[1] < Number(plan, step => step is ChildStep { Op: WorkingDirectoryOp }));
        using RawProgram program = new();
        plan.Lower(program);
        HashSet<int> open = [];
        foreach (RawUse use in Enumerable.Range(0, program.Count).Select(program.Use).Where(use => use.Step > closes[1]))
        {
            Assert.All(use.Reads, slot => Assert.Contains(slot, open));
            open.Add(use.Writes);
        }
    });

    [Fact]
    public void The_hosts_paths_are_gone_with_the_hosts_file_system() => ForAll((plan, _) =>
    {
        int pivot = Number(plan, step => step is ChildStep { Op: PivotRootOp });
        bool before = false;
        foreach (ChildStep step in plan.Steps.OfType<ChildStep>())
        {
            StraceText text = new();
            step.Op.ToStrace(text);
            string calls = Slot().Replace(string.Join('\n', text.Calls), "<>");
            before |= step.Number < pivot && calls.Contains(LaunchRequests.HostOnly, StringComparison.Ordinal);
            Assert.False(step.Number > pivot && calls.Contains(LaunchRequests.HostOnly, StringComparison.Ordinal), $"step {step.Number} after pivot_root: {calls}");
        }

        Assert.True(before);
    });

    [Fact]
    public void What_comes_from_the_host_is_opened_as_the_caller() => ForAll((plan, _) =>
    {
        int become = Number(plan, step => step is ChildStep { Op: SetIdsOp });
        foreach (ChildStep step in plan.Steps.OfType<ChildStep>().Where(step => step.Number > become))
        {
            StraceText text = new();
            step.Op.ToStrace(text);
            Assert.DoesNotContain(LaunchRequests.HostOnly, Slot().Replace(string.Join('\n', text.Calls), "<>"), StringComparison.Ordinal);
        }
    }, identity => !identity.StartsWith("root of the host", StringComparison.Ordinal));

    [Fact]
    public void A_read_only_root_is_sealed_after_every_mount_point_is_made() => ForAll((plan, request) =>
    {
        int seal = LastNumber(plan, step => step is ChildStep { Op: MountSetattrOp { Mount: null, Set: MountAttr.MOUNT_ATTR_RDONLY } });
        Assert.Equal(request.Spec.Root!.Readonly, seal > 0);
        if (seal > 0)
        {
            Assert.DoesNotContain(plan.Steps.Skip(seal), step => step is ChildStep { Op: MoveMountOp or MkdirOp or SymlinkOp });
            // An open file that can be written would make the kernel answer EBUSY.
            Assert.DoesNotContain(Ops(plan).OfType<OpenOp>(), op => op.Dir is null && (op.Flags & (OpenFlags.O_WRONLY | OpenFlags.O_RDWR)) != 0 && op.Path.StartsWith('/') && op.Path != "/dev/null");
        }
    });

    [Fact]
    public void Kernel_parameters_are_written_while_proc_is_detached() => ForAll((plan, _) =>
    {
        foreach (ChildStep step in plan.Steps.OfType<ChildStep>().Where(step => step.Op is WriteFileOp { Dir: not null }))
        {
            FdSlot proc = ((WriteFileOp)step.Op).Dir!.Value;
            Assert.True(step.Number < Number(plan, other => other is ChildStep { Op: MoveMountOp move } && move.Mount == proc));
        }
    });

    [Fact]
    public void The_same_request_gives_the_same_plan() => ForAll((plan, request) => Assert.Equal(Text(plan.Steps), Text(LaunchPlanner.Plan(request).Steps)));

    [Fact]
    public void What_a_command_inherits_is_set_right_before_it() => ForAll((plan, request) =>
    {
        KernelOp[] last = [.. Ops(plan).Where(op => op is not (SeccompOp or CapsetOp)).TakeLast(3)];
        Assert.IsType<ResetSignalsOp>(last[0]);
        Assert.Equal(request.Spec.Process!.User.Umask ?? 0x12, ((UmaskOp)last[1]).Mask);
        Assert.Single(Ops(plan).OfType<SetsidOp>());
        Assert.Equal(request.Init, Ops(plan).Any(op => op is ForkInitOp));
    });

    private static void ForAll(Action<LaunchPlan, LaunchRequest> check, Func<string, bool>? of = null)
    {
        foreach (((string name, LaunchPlan plan), (_, LaunchRequest request)) in s_plans.Zip(LaunchRequests.Family()))
        {
            if (of?.Invoke(name) == false)
            {
                continue;
            }

            try
            {
                check(plan, request);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"plan \"{name}\": {e.Message}", e);
            }
        }
    }

    private static IEnumerable<KernelOp> Ops(LaunchPlan plan) => plan.Steps.OfType<ChildStep>().Select(step => step.Op);

    private static int Number(LaunchPlan plan, Func<Step, bool> of) => plan.Steps.FirstOrDefault(of)?.Number ?? int.MaxValue;

    private static int LastNumber(LaunchPlan plan, Func<Step, bool> of) => plan.Steps.LastOrDefault(of)?.Number ?? 0;

    private static string Text(IEnumerable<Step> steps) => string.Join('\n', steps.Select(step => step switch
    {
        ChildStep child => $"{child.Number} {Calls(child.Op)} {child.Why}",
        CsrunStep own => $"{own.Number} {own.Op.Describe()} {own.Why}",
        _ => "",
    }));

    private static string Calls(KernelOp op)
    {
        StraceText text = new();
        op.ToStrace(text);
        return string.Join('\n', text.Lines);
    }

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Slot();

    [GeneratedRegex(" = <[^<>]+>$")]
    private static partial Regex ResultSlot();
}
