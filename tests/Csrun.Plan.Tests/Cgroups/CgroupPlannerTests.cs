using Csrun.Linux.Child;
using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Cgroups;

public sealed class CgroupPlannerTests
{
    [Theory]
    [InlineData("/a/b", "/a/b", "/a/b")]
    [InlineData("//a/./b/", "/a/b", "/a/b")]
    [InlineData("a/b", "/outer/a/b", "/user.slice/a/b")]
    [InlineData("", "/outer/csrun-box", "/csrun/box")]
    public void Paths(string cgroupsPath, string memoryV1, string v2)
    {
        Assert.Equal(memoryV1, Plan(Layouts.V1, cgroupsPath)!.Groups.Single(g => g.Hierarchy == "memory").Path);
        Assert.Equal(v2, Plan(Layouts.Unified, cgroupsPath)!.Groups.Single().Path);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//.")]
    public void The_root_is_no_containers_group(string path) =>
        Assert.Contains("root of the control groups", Assert.Throws<CsrunException>(() => Plan(Layouts.V1, path)).Why, StringComparison.Ordinal);

    [Fact]
    public void Nothing_asked_for_and_no_permission_is_no_group_and_no_failure()
    {
        Assert.Null(Plan(Layouts.NotMine(Layouts.V1), "", wished: true));
        Assert.Null(Plan(Layouts.NotMine(Layouts.Unified), "", wished: true));
        Assert.Null(Plan(CgroupLayout.None, "", wished: true));
    }

    [Fact]
    public void A_limit_without_permission_is_refused_by_name()
    {
        foreach (CgroupLayout layout in (CgroupLayout[])[Layouts.NotMine(Layouts.V1), Layouts.NotMine(Layouts.Unified), CgroupLayout.None])
        {
            CsrunException failure = Assert.Throws<CsrunException>(() => Plan(layout, "", """{"pids": {"limit": 5}, "memory": {"limit": 5}}"""));
            Assert.Contains("$.linux.resources.pids.limit", failure.Message, StringComparison.Ordinal);
            Assert.Contains("$.linux.resources.memory.limit", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Devices_are_kept_from_a_container_without_users_of_its_own()
    {
        Assert.NotNull(Plan(Layouts.V1, "/x", users: false)!.Devices);
        Assert.Null(Plan(Layouts.V1, "/x", users: true)!.Devices);
        Assert.NotNull(Plan(Layouts.V1, "/x", """{"devices": [{"allow": false, "access": "rwm"}]}""", users: true)!.Devices);
    }

    [Theory]
    [InlineData("system.slice:docker:abc", "/system.slice/docker-abc.scope")]
    [InlineData("a-b-c.slice::x", "/a.slice/a-b.slice/a-b-c.slice/x.scope")]
    [InlineData("-.slice:libpod:x", "/libpod-x.scope")]
    [InlineData("user.slice:x:pod.slice", "/user.slice/pod.slice")]
    [InlineData("", "/system.slice/csrun-box.scope")]
    public void Units(string cgroupsPath, string path)
    {
        CgroupLayout layout = Layouts.Unified with { Systemd = true };
        CgroupPlan plan = Plan(layout, cgroupsPath, """{"memory": {"limit": 100, "swap": 150}, "cpu": {"quota": 50000, "shares": 1024}, "pids": {"limit": -1}}""", systemd: true)!;
        Assert.Equal(path, plan.Groups.Single().Path);
        Assert.Equal(
            ["MemoryMax=100", "MemorySwapMax=50", "CPUWeight=39", "CPUQuotaPerSecUSec=500000", "CPUQuotaPeriodUSec=100000", "TasksMax=18446744073709551615"],
            plan.Properties.Select(p => $"{p.Name}={p.Values[0]}"));
    }

    [Theory]
    [InlineData("/a/b")]
    [InlineData("a:b")]
    [InlineData("a:b:c")]
    [InlineData("a.slice:b:../c")]
    [InlineData("a.slice:b:")]
    public void What_is_no_unit_is_refused(string cgroupsPath) =>
        Assert.Throws<CsrunException>(() => Plan(Layouts.Unified with { Systemd = true }, cgroupsPath, systemd: true));

    [Fact]
    public void An_ordinary_user_of_systemd_gets_a_scope()
    {
        CgroupLayout layout = Layouts.NotMine(Layouts.Unified) with { Systemd = true, UserBus = true };
        CgroupPlan plan = Plan(layout, "", wished: true)!;
        Assert.Equal(CgroupDriver.Systemd, plan.Driver);
        Assert.True(plan.UserUnit);
        Assert.False(plan.Asked);
    }

    [Fact]
    public void A_child_joins_the_groups_of_version_1_before_it_makes_its_cgroup_namespace()
    {
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Default with { Cgroup = Plan(Layouts.V1, "/x") });
        string[] order = [.. plan.Steps.Select(Name)];
        Assert.Equal(["MakeCgroupOp", "CloneOp"], order[..2]);
        Assert.DoesNotContain("JoinCgroupOp", order);
        JoinTasksOp[] joined = [.. plan.Steps.OfType<ChildStep>().Select(s => s.Op).OfType<JoinTasksOp>()];
        Assert.Equal(Plan(Layouts.V1, "/x")!.Groups.Where(g => !g.IsV2).Select(g => g.Directory), joined.Select(j => j.Group.Directory));
        Assert.Equal(joined.Length, joined.DistinctBy(j => j.Tasks).Count());
        // Through descriptors that the next step closes, and before the namespace whose root the group becomes.
        int last = Array.LastIndexOf(order, "JoinTasksOp");
        Assert.Equal("CloseDescriptorsOp", order[last + 1]);
        Assert.True(last < Array.FindIndex(order, o => o.Contains("CLONE_NEWCGROUP", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_child_that_systemd_moves_makes_its_cgroup_namespace_after_the_barrier()
    {
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Default with { Cgroup = Plan(Layouts.Unified with { Systemd = true, Privileged = true }, "system.slice:csrun:x", systemd: true) });
        string[] order = [.. plan.Steps.Select(Name)];
        Assert.DoesNotContain("JoinTasksOp", order);
        Assert.True(Array.IndexOf(order, "JoinCgroupOp") < Array.IndexOf(order, "AwaitBarrierOp"));
        Assert.True(Array.IndexOf(order, "AwaitBarrierOp") < Array.IndexOf(order, "UnshareOp CLONE_NEWCGROUP"));
        Assert.DoesNotContain(order, o => o.StartsWith("UnshareOp", StringComparison.Ordinal) && o.Contains("NEWCGROUP", StringComparison.Ordinal) && o != "UnshareOp CLONE_NEWCGROUP");
    }

    [Fact]
    public void Version_2_begins_in_the_group()
    {
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Default with { Cgroup = Plan(Layouts.Unified, "/x") });
        Assert.Contains("CLONE_INTO_CGROUP", ((CsrunStep)plan.Steps[1]).Op.Describe(), StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Steps, s => s is CsrunStep { Op: JoinCgroupOp });
    }

    [Fact]
    public void The_prelude_is_the_plans_beginning()
    {
        foreach (CgroupLayout layout in (CgroupLayout[])[Layouts.V1, Layouts.Unified])
        {
            LaunchRequest request = LaunchRequests.Default with { Cgroup = Plan(layout, "/x") };
            LaunchPlan prelude = PreludePlanner.Plan(LaunchPlanner.Prelude(request.Spec, request.MapWriter, request.DenySetgroups, request.Cgroup));
            Assert.Equal(prelude.Steps.Select(Name), LaunchPlanner.Plan(request).Steps.Take(prelude.Steps.Length).Select(Name));
        }
    }

    [Fact]
    public void Nothing_of_the_prelude_lies_in_the_slot_of_the_root_which_a_failure_sends_along()
    {
        Prelude prelude = LaunchPlanner.Prelude(StartPlannerTests.Waiting.Spec, MapWriterKind.Direct, denySetgroups: false) with { Joined = StartPlannerTests.Waiting.Joined };
        int root = LaunchPlanner.Plan(StartPlannerTests.Waiting).Root!.Value.Index;
        using RawProgram program = new();
        PreludePlanner.Plan(prelude).Lower(program);
        int[] written = [.. Enumerable.Range(0, program.Count).Select(i => program.Use(i).Writes).Where(slot => slot >= 0)];
        Assert.Contains(root + 1, written);
        Assert.DoesNotContain(root, written);
    }

    [Fact]
    public void Version_1_shows_each_hierarchy_in_its_directory()
    {
        LaunchRequest request = LaunchRequests.Default with { Cgroup = Plan(Layouts.V1, "/x") };
        request = request with { Spec = request.Spec with { Mounts = [new Mount { Destination = "/sys/fs/cgroup", Type = "cgroup", Source = "cgroup", Options = ["ro"] }] } };
        NewFilesystemOp[] made = [.. LaunchPlanner.Plan(request).Steps.OfType<ChildStep>().Select(s => s.Op).OfType<NewFilesystemOp>().Where(o => o.Type.StartsWith("cgroup", StringComparison.Ordinal))];
        Assert.Equal(Layouts.V1.Hierarchies.Count(h => !h.IsV2), made.Length);
        Assert.Contains(made, m => m.Options is [{ Key: "cpu" }, { Key: "cpuacct" }]);
        Assert.Contains(made, m => m.Options is [{ Key: "name", Value: "systemd" }]);
        Assert.Contains(LaunchPlanner.Plan(request).Steps.OfType<ChildStep>(), s => s.Op is SymlinkOp { Target: "cpu,cpuacct", Name: "cpu" });
        request = request with { Cgroup = Plan(Layouts.Unified, "/x") };
        Assert.Contains(LaunchPlanner.Plan(request).Steps.OfType<ChildStep>(), s => s.Op is NewFilesystemOp { Type: "cgroup2" });
    }

    private static string Name(Step step) => step switch
    {
        ChildStep { Op: UnshareOp unshare } => $"UnshareOp {StraceText.Flags(unshare.Namespaces)}",
        ChildStep child => child.Op.GetType().Name,
        _ => ((CsrunStep)step).Op.GetType().Name,
    };

    private static CgroupPlan? Plan(CgroupLayout layout, string cgroupsPath, string resources = "{}", bool systemd = false, bool wished = true, bool users = true) => CgroupPlanner.Plan(new CgroupRequest
    {
        ContainerId = "box",
        Layout = layout,
        SystemdCgroup = systemd,
        Wished = wished,
        Spec = new Spec
        {
            Linux = new LinuxConfig
            {
                CgroupsPath = cgroupsPath,
                Resources = CgroupResourcesTests.Read(resources),
                Namespaces = users ? [new Namespace { Type = "user" }] : [],
            },
        },
    });
}
