using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Breaking;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Rendering;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Breaking;

/// <summary>Which steps may be left out, and what a plan without them is.</summary>
public sealed class BreakPolicyTests
{
    private static readonly (string Name, LaunchRequest Request, LaunchPlan Plan)[] s_plans = [.. LaunchRequests.Family().Select(one => (one.Name, one.Request, LaunchPlanner.Plan(one.Request)))];
    private static readonly LaunchPlan s_plan = LaunchPlanner.Plan(LaunchRequests.Default);

    /// <summary>What leads to the host when it is missing: nobody may leave it out, in no plan.</summary>
    [Fact]
    public void What_keeps_the_host_away_is_never_left_out()
    {
        foreach ((string name, _, LaunchPlan plan) in s_plans)
        {
            foreach (Step step in plan.Steps)
            {
                bool guards = step is CsrunStep { Op: CloneOp or PassBarrierOp }
                    or ChildStep { Op: PivotRootOp or FchdirOp or SetsidOp or SessionKeyringOp or AwaitBarrierOp or ExecveOp or CheckCsrunAliveOp }
                    or ChildStep { Op: PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG } or CloseDescriptorsOp { First: 4 } };
                foreach (bool privileged in (bool[])[true, false])
                {
                    Assert.True(!guards || BreakPolicy.Refusal(plan, step, privileged) is not null, $"{name}: step {step.Number}");
                }
            }
        }
    }

    [Fact]
    public void Without_a_user_namespace_nothing_that_separates_may_be_left_out()
    {
        foreach ((string name, _, LaunchPlan plan) in s_plans.Where(p => (p.Plan.Namespaces & CloneFlags.CLONE_NEWUSER) == 0))
        {
            foreach (ChildStep step in plan.Steps.OfType<ChildStep>())
            {
                bool separates = step.Op is UnshareOp or PropagationOp or CapsetOp or CapabilityBoundingOp or SeccompOp or SetIdsOp or MoveMountOp or MountSetattrOp
                    or OpenOp or OpenTreeOp or NewFilesystemOp or RlimitOp or UmaskOp or CloseDescriptorsOp or CloseOp;
                Assert.True(!separates || BreakPolicy.Refusal(plan, step, privileged: true) is not null, $"{name}: step {step.Number}");
            }
        }
    }

    [Fact]
    public void Root_keeps_every_step_that_takes_its_own_rights_away()
    {
        foreach ((string name, _, LaunchPlan plan) in s_plans)
        {
            foreach (ChildStep step in plan.Steps.OfType<ChildStep>())
            {
                bool rights = step.Op is SetIdsOp or UmaskOp or CloseDescriptorsOp or CloseOp or PrctlOp { Option: PrctlOption.PR_SET_DUMPABLE };
                Assert.True(!rights || BreakPolicy.Refusal(plan, step, privileged: true) is not null, $"{name}: step {step.Number}");
            }
        }
    }

    [Fact]
    public void Attributes_of_the_callers_own_files_are_kept()
    {
        LaunchRequest request = LaunchRequests.Mounts(LaunchRequests.Default, new Oci.Mount { Destination = "/data", Type = "bind", Source = $"{LaunchRequests.HostOnly}/volume", Options = ["rbind", "ro"] });
        LaunchPlan plan = LaunchPlanner.Plan(request);
        ChildStep readOnly = plan.Steps.OfType<ChildStep>().First(s => s.Op is MountSetattrOp { Mount: not null } op && (op.Set & MountAttr.MOUNT_ATTR_RDONLY) != 0);

        Assert.Contains("read-only volume", BreakPolicy.Refusal(plan, readOnly, privileged: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_root_that_is_a_directory_of_the_host_stays_read_only()
    {
        LaunchRequest request = LaunchRequests.Default with { Spec = LaunchRequests.Default.Spec with { Root = LaunchRequests.Default.Spec.Root! with { Readonly = true } } };
        Assert.Null(BreakPolicy.Refusal(LaunchPlanner.Plan(request), Seal(LaunchPlanner.Plan(request)), privileged: false));

        LaunchPlan directory = LaunchPlanner.Plan(request with { Rootfs = new DirectoryRootfs($"{LaunchRequests.HostOnly}/tree", IdMapped: false) });
        Assert.NotNull(BreakPolicy.Refusal(directory, Seal(directory), privileged: false));

        static Step Seal(LaunchPlan plan) => plan.Steps.Last(s => s is ChildStep { Op: MountSetattrOp { Mount: null, Path: "/" } });
    }

    /// <summary>A new operation has to be decided about: what is in no list is refused, and this test names it.</summary>
    [Fact]
    public void Every_operation_of_a_launch_is_decided_about() => Assert.All(
        s_plans.Where(p => (p.Plan.Namespaces & CloneFlags.CLONE_NEWUSER) != 0).SelectMany(p => p.Plan.Steps.Select(s => BreakPolicy.Refusal(p.Plan, s, privileged: false))),
        reason => Assert.DoesNotContain("not been taught", reason ?? "", StringComparison.Ordinal));

    [Fact]
    public void A_left_out_step_keeps_its_number_makes_no_call_and_fills_no_slot()
    {
        ChildStep seccomp = s_plan.Steps.OfType<ChildStep>().Single(s => s.Op is SeccompOp);
        BrokenPlan broken = BrokenPlan.Without(s_plan, ["seccomp"], privileged: false);
        ChildStep instead = (ChildStep)broken.Plan[seccomp.Number];

        Assert.Equal(s_plan.Steps.Length, broken.Plan.Steps.Length);
        Assert.Equal(new LeftOutOp(seccomp.Op), instead.Op);
        using RawProgram program = new();
        instead.Op.Lower(program);
        Assert.Equal(0, program.Count);
        Assert.Contains("# left out: seccomp(", ProseRenderer.Render(broken.Plan), StringComparison.Ordinal);
        Assert.DoesNotContain("\nseccomp(", StraceRenderer.Render(broken.Plan), StringComparison.Ordinal);
        using RawProgram fresh = new();
        Assert.Equal(-1, fresh.GetSlot(new FdSlot(7, "anything")));
    }

    [Fact]
    public void A_name_means_all_its_steps_and_numbers_work_too()
    {
        BrokenPlan broken = BrokenPlan.Without(s_plan, ["symlink", "8"], privileged: false);

        Assert.Contains(broken.LeftOut, l => l.Step is CsrunStep { Op: WriteIdMapsOp });
        Assert.Equal(s_plan.Steps.Count(s => s is ChildStep { Op: SymlinkOp }) + 1, broken.LeftOut.Length);
        Assert.StartsWith("left out: newuidmap PID 0 1000 1", ((CsrunStep)broken.Plan[8]).Op.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_steps_are_counted()
    {
        BrokenPlan broken = BrokenPlan.Without(s_plan, ["symlink"], privileged: false);

        Assert.Equal(5, broken.Descriptions.Count);
        Assert.Equal($"and {broken.LeftOut.Length - 4} steps more are left out; --explain shows them", broken.Descriptions[^1]);
        Assert.EndsWith($"\nand {broken.LeftOut.Length - 4} steps more were left out", broken.Explain(new CsrunException("x")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        CsrunException failure = Assert.Throws<CsrunException>(() => BrokenPlan.Without(s_plan, ["pivot-root", "0", "9999", "secomp", "execve"], privileged: false));

        foreach (string part in (string[])["host's file system", $"the plan has the steps 1 to {s_plan.Steps.Length}", "close to it: seccomp", "nothing to run"])
        {
            Assert.Contains(part, failure.Why, StringComparison.Ordinal);
        }

        Assert.Contains("cannot leave 5 of the steps out", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_explained_by_what_was_left_out()
    {
        BrokenPlan broken = BrokenPlan.Without(s_plan, ["write-id-maps"], privileged: false);
        CsrunException failure = broken.Explain(new CsrunException("step 60, setresuid(0, 0, 0): EINVAL", "a cause that is true elsewhere", "a fix", 125));

        Assert.Equal("step 60, setresuid(0, 0, 0): EINVAL", failure.Message);
        Assert.StartsWith("step 8 was left out on purpose (--break): newuidmap", failure.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("true elsewhere", failure.Why, StringComparison.Ordinal);
        Assert.StartsWith("its own cause\n", broken.Explain(new CsrunException("execve", "its own cause", null, 127)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_that_may_be_left_out_says_what_is_different_then()
    {
        foreach ((_, _, LaunchPlan plan) in s_plans)
        {
            foreach (Step step in plan.Steps.Where(s => BreakPolicy.Refusal(plan, s, privileged: false) is null))
            {
                string without = BrokenPlan.Without(plan, [$"{step.Number}"], privileged: false).LeftOut.Single().Without;
                Assert.DoesNotContain("find out", without, StringComparison.Ordinal);
                Assert.Matches("^\\S.*[^.\\s]$", without);
            }
        }
    }
}
