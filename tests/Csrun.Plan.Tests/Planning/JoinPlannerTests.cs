using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>What holds for every plan of a further process, over all the launches that it could follow.</summary>
public sealed class JoinPlannerTests
{
    private static readonly (string Name, LaunchRequest Request, LaunchPlan Plan)[] s_plans =
    [
        .. LaunchRequests.Family().Select(one => (one.Name, Request: one.Request with { Init = false, Streams = [] }))
            .SelectMany(one => (LaunchRequest[])[one.Request, one.Request with { OutlivesCsrun = true, Interactive = false, Spec = one.Request.Spec with { Process = one.Request.Spec.Process! with { Terminal = false } } }],
                (one, request) => (one.Name, request, JoinPlanner.Plan(request, new OpenDescriptor("the container's process", 7)))),
    ];

    [Fact]
    public void Memory_is_closed_before_the_container_sees_it_and_after_each_change_that_opens_it() => ForAll((request, ops) =>
    {
        int setns = ops.FindIndex(op => op is SetnsOp);
        Assert.True(ops.FindIndex(IsUndumpable) < setns);
        int fork = ops.FindIndex(op => op is ForkSiblingOp);
        Assert.Equal(setns + 1, fork);
        int last = ops.FindLastIndex(op => op is SetIdsOp);
        Assert.True(ops.FindLastIndex(IsUndumpable) > last);
    });

    [Fact]
    public void The_namespaces_are_those_that_the_container_made() => ForAll((request, ops) =>
        Assert.Equal(NamespaceFlags.Of(request.Spec), Assert.Single(ops.OfType<SetnsOp>()).Namespaces));

    [Fact]
    public void Nothing_but_the_standard_streams_the_socket_and_the_root_is_open_when_paths_of_the_container_are_followed() => ForAll((request, ops) =>
    {
        Assert.Equal(PlanContext.ControlFd + 1, ops.OfType<CloseDescriptorsOp>().First().First);
        Assert.True(ops.FindIndex(op => op is CloseDescriptorsOp) <= 1);
        int closed = ops.FindLastIndex(op => op is CloseDescriptorsOp { First: PlanContext.RootFd + 1 });
        Assert.True(closed > ops.FindIndex(op => op is SetnsOp) && closed < ops.FindIndex(op => op is WorkingDirectoryOp));
    });

    [Fact]
    public void The_barriers_of_both_actors_are_the_same() => Assert.All(s_plans, one =>
    {
        PassBarrierOp[] passed = [.. one.Plan.Steps.OfType<CsrunStep>().Select(step => step.Op).OfType<PassBarrierOp>()];
        AwaitBarrierOp[] awaited = [.. Ops(one.Plan).OfType<AwaitBarrierOp>()];
        Assert.Equal(passed.Select(b => (b.Name, b.Descriptors.Length)), awaited.Select(b => (b.Name, b.Fds.Length)));
        List<Step> steps = [.. one.Plan.Steps];
        // csrun takes the process over after it was forked and before it is told to go on.
        int adopt = steps.FindIndex(step => step is CsrunStep { Op: AdoptSiblingOp });
        Assert.True(steps.FindIndex(step => step is ChildStep { Op: ForkSiblingOp }) < adopt);
        Assert.True(adopt < steps.FindIndex(step => step is CsrunStep { Op: ForwardSignalsOp }));
    });

    [Fact]
    public void Every_slot_is_filled_once_and_before_it_is_used() => Assert.All(s_plans, one =>
    {
        using RawProgram program = new();
        one.Plan.Lower(program);
        HashSet<int> filled = [one.Plan.InheritedControl.Index];
        for (int i = 0; i < program.Count; i++)
        {
            RawUse use = program.Use(i);
            Assert.All(use.Reads, slot => Assert.True(filled.Contains(slot), $"{one.Name}: step {use.Step}: slot {slot} is used before it is filled"));
            Assert.True(use.Writes < 0 || filled.Add(use.Writes), $"{one.Name}: step {use.Step}: slot {use.Writes} is filled twice");
        }
    });

    [Fact]
    public void Nothing_is_mounted_and_no_path_of_the_host_is_opened_inside() => ForAll((request, ops) =>
    {
        Assert.DoesNotContain(ops, op => op is MoveMountOp or NewFilesystemOp or PivotRootOp or MkdirInRootOp or UnshareOp);
        Assert.All(ops.Skip(ops.FindIndex(op => op is SetnsOp)).OfType<OpenOp>(), open => Assert.Contains(open.Path, (string[])["/", "/dev/pts"]));
    });

    [Fact]
    public void Limits_capabilities_filter_and_user_are_those_of_a_launch() => Assert.All(s_plans, one =>
    {
        static string[] Restrictions(LaunchPlan plan) => [.. Ops(plan).SkipWhile(op => op is not AwaitBarrierOp { Name: "signals forwarded" }).Skip(1)
            .Where(op => op is RlimitOp or SchedulerOp or IoPriorityOp or MemoryPolicyOp or CapabilityBoundingOp or CapsetOp or AmbientCapabilityOp or SeccompOp or SetIdsOp or PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS or PrctlOption.PR_SET_KEEPCAPS } or UmaskOp or ResetSignalsOp or ExecveOp or SessionKeyringOp)
            .Select(Text)];
        Assert.Equal(Restrictions(LaunchPlanner.Plan(one.Request)), Restrictions(one.Plan));
    });

    [Fact]
    public void Its_processors_are_csruns_before_the_clone_and_its_own_in_the_control_group_before_it_joins()
    {
        LaunchRequest request = LaunchRequests.Process(LaunchRequests.Default, p => p with { ExecCpuAffinity = new CpuAffinity { Initial = "0,2", Final = "65" } });
        LaunchPlan plan = JoinPlanner.Plan(request, new OpenDescriptor("the container's process", 7));
        int own = plan.Steps.First(s => s is CsrunStep { Op: OwnAffinityOp { Cpus: "0,2" } }).Number;
        int clone = plan.Steps.First(s => s is CsrunStep { Op: CloneOp }).Number;
        ChildStep final = plan.Steps.OfType<ChildStep>().First(s => s.Op is CpuAffinityOp);
        Assert.True(own < clone && clone < final.Number && final.Number < plan.Steps.First(s => s is ChildStep { Op: SetnsOp }).Number);
        Assert.Equal("sched_setaffinity(0, 16, [65])", Text(final.Op));
        Assert.DoesNotContain(Ops(LaunchPlanner.Plan(request)), op => op is CpuAffinityOp);
    }

    [Fact]
    public void It_ends_with_csrun_unless_it_is_to_go_on() => ForAll((request, ops) =>
    {
        bool dies = ops.Skip(ops.FindLastIndex(op => op is SetIdsOp)).Any(op => op is PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG });
        Assert.Equal(!request.OutlivesCsrun, dies);
        int[] toNothing = [.. ops.OfType<Dup3Op>().Where(dup => dup.Number < 3).Select(dup => dup.Number)];
        Assert.Equal(request.OutlivesCsrun ? [0, 1, 2] : request.Interactive || request.Spec.Process!.Terminal ? [] : [0], toNothing);
    });

    private static bool IsUndumpable(KernelOp op) => op is PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE, Value: 0 };

    private static IEnumerable<KernelOp> Ops(LaunchPlan plan) => plan.Steps.OfType<ChildStep>().Select(step => step.Op);

    private static string Text(KernelOp op)
    {
        StraceText text = new();
        op.ToStrace(text);
        return string.Join('\n', text.Calls);
    }

    private static void ForAll(Action<LaunchRequest, List<KernelOp>> check)
    {
        Assert.True(s_plans.Length > 200);
        Assert.All(s_plans, one => check(one.Request, [.. Ops(one.Plan)]));
    }
}
