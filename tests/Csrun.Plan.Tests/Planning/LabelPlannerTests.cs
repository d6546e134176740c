using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>AppArmor's profile and SELinux's labels: through which descriptor, and when.</summary>
public sealed class LabelPlannerTests
{
    private const string Label = "system_u:system_r:container_t:s0";

    private static readonly OpenDescriptor s_container = new("the container's process", 7);

    [Fact]
    public void An_AppArmor_profile_is_set_through_csruns_own_procfs()
    {
        LaunchPlan plan = LaunchPlanner.Plan(With(p => p with { ApparmorProfile = "docker-default" }));
        Assert.Equal(
            [
                "openat2(<procfs>, \"thread-self/attr/apparmor/exec\", {flags=O_WRONLY|O_CLOEXEC, resolve=RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}, 24)",
                "write(<attr/apparmor/exec>, \"exec docker-default\", 19)",
                "close(<attr/apparmor/exec>)",
            ],
            Calls(plan.Steps.OfType<ChildStep>().Single(s => s.Op is ExecAttributeOp).Op));
        Assert.Single(plan.Steps.OfType<CsrunStep>(), s => s.Op is PassBarrierOp barrier && barrier.Descriptors.Contains(new HostProcfs()));
        Assert.Contains(plan.Steps.OfType<ChildStep>(), s => s.Op is CloseOp { Fd.Name: "procfs" });
    }

    [Fact]
    public void An_SELinux_label_is_set_for_the_keyring_before_it_is_made_and_for_the_command()
    {
        LaunchPlan plan = LaunchPlanner.Plan(With(p => p with { SelinuxLabel = Label }));
        int key = At(plan, op => op is ExecAttributeOp { Attribute: ExecAttribute.SelinuxKeyLabel });
        int exec = At(plan, op => op is ExecAttributeOp { Attribute: ExecAttribute.SelinuxLabel });
        Assert.True(key < At(plan, op => op is SessionKeyringOp) && exec < At(plan, op => op is CapabilityBoundingOp));
        Assert.Contains($"write(<attr/exec>, \"{Label}\", {Label.Length})", Calls(plan[exec] is ChildStep step ? step.Op : throw new InvalidOperationException()));
        LaunchPlan kept = LaunchPlanner.Plan(With(p => p with { SelinuxLabel = Label }) with { KeepsKeyring = true });
        Assert.DoesNotContain(kept.Steps.OfType<ChildStep>(), s => s.Op is ExecAttributeOp { Attribute: ExecAttribute.SelinuxKeyLabel });
    }

    /// <summary>What runs as the host's program, a hook in the container's namespaces, runs before; the host's directory tree has gone by then.</summary>
    [Fact]
    public void They_come_after_the_pivot_and_after_the_hooks_that_are_the_hosts()
    {
        LaunchRequest waiting = StartPlannerTests.Waiting;
        LaunchPlan plan = LaunchPlanner.Plan(waiting with { Spec = waiting.Spec with { Process = waiting.Spec.Process! with { ApparmorProfile = "p", SelinuxLabel = Label } } });
        int first = At(plan, op => op is ExecAttributeOp);
        Assert.True(At(plan, op => op is RunHookOp { Kind: "createContainer" }) < first && At(plan, op => op is PivotRootOp) < first);
        Assert.True(first < At(plan, op => op is SeccompOp));
    }

    [Fact]
    public void A_further_process_is_labelled_before_it_joins_and_takes_no_procfs_along()
    {
        LaunchPlan plan = JoinPlanner.Plan(With(p => p with { ApparmorProfile = "p", SelinuxLabel = Label }), s_container);
        int closed = At(plan, op => op is CloseOp { Fd.Name: "procfs" });
        Assert.True(plan.Steps.OfType<ChildStep>().Last(s => s.Op is ExecAttributeOp).Number < closed && closed < At(plan, op => op is SetnsOp));
        Assert.Equal(3, plan.Steps.OfType<ChildStep>().Count(s => s.Op is ExecAttributeOp));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Unconfined_is_set_only_where_AppArmor_is_there(bool appArmor, int steps)
    {
        LaunchRequest request = With(p => p with { ApparmorProfile = "unconfined" });
        request = request with { Facts = request.Facts with { Modules = new SecurityModules(appArmor, false) } };
        Assert.Equal(steps, LaunchPlanner.Plan(request).Steps.OfType<ChildStep>().Count(s => s.Op is ExecAttributeOp));
        Assert.Equal(steps, JoinPlanner.Plan(request, s_container).Steps.OfType<ChildStep>().Count(s => s.Op is ExecAttributeOp));
    }

    [Fact]
    public void The_mount_label_is_on_the_containers_own_file_systems_and_on_no_other()
    {
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Linux(LaunchRequests.Default, l => l with { MountLabel = Label }));
        NewFilesystemOp[] made = [.. plan.Steps.OfType<ChildStep>().Select(s => s.Op).OfType<NewFilesystemOp>()];
        Assert.Superset(new HashSet<string>(["tmpfs", "devpts", "overlay", "proc", "sysfs", "mqueue"]), new HashSet<string>(made.Select(m => m.Type)));
        Assert.All(made, one => Assert.Equal(one.Type is "tmpfs" or "devpts" or "overlay", one.Options.Contains(new FilesystemOption("context", Label))));
        Assert.DoesNotContain(
            LaunchPlanner.Plan(LaunchRequests.Default).Steps.OfType<ChildStep>(), s => s.Op is NewFilesystemOp one && one.Options.Any(o => o.Key == "context"));
    }

    private static LaunchRequest With(Func<Process, Process> change) => LaunchRequests.Process(LaunchRequests.Default, change);

    private static int At(LaunchPlan plan, Func<KernelOp, bool> wanted) => plan.Steps.OfType<ChildStep>().First(step => wanted(step.Op)).Number;

    private static IReadOnlyList<string> Calls(KernelOp op)
    {
        StraceText text = new();
        op.ToStrace(text);
        return text.Calls;
    }
}
