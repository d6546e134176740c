using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>The plan of a container that waits for start, enters namespaces, runs hooks and hands descriptors on.</summary>
public sealed class StartPlannerTests
{
    internal static LaunchRequest Waiting => LaunchRequests.Default with
    {
        Spec = LaunchRequests.Default.Spec with
        {
            Process = LaunchRequests.Default.Spec.Process! with { NoNewPrivileges = true },
            Hooks = new Hooks
            {
                CreateRuntime = [new Hook { Path = "/bin/runtime" }],
                CreateContainer = [new Hook { Path = "/bin/container", Timeout = 2 }],
                StartContainer = [new Hook { Path = "/bin/start", Args = ["start", "now"] }],
            },
        },
        Joined = [new JoinedNamespace(CloneFlags.CLONE_NEWPID, "/proc/7/ns/pid", new OpenDescriptor("pid namespace", 20))],
        Start = new StartFifos(new OpenDescriptor("start", 21), new OpenDescriptor("started", 22)),
        Preserved = [new OpenDescriptor("descriptor 3", 3), new OpenDescriptor("descriptor 4", 4)],
        OutlivesCsrun = false,
    };

    [Fact]
    public void Each_meeting_of_the_two_actors_has_both_halves_in_order()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        string[] csrun = [.. plan.Steps.OfType<CsrunStep>().Select(s => s.Op).Select(op => op is PassBarrierOp p ? p.Name : op is AwaitChildOp a ? a.Name : null).OfType<string>()];
        string[] child = [.. plan.Steps.OfType<ChildStep>().Select(s => s.Op).Select(op => op is AwaitBarrierOp b ? b.Name : op is AnnounceOp n ? n.Name : op is AwaitByteOp { Name: not "start" } y ? y.Name : null).OfType<string>()];
        Assert.Equal(csrun, child);
        Assert.Contains("container made", csrun);
        Assert.Equal(csrun.Length, csrun.Distinct().Count());
    }

    [Fact]
    public void Every_slot_is_filled_before_it_is_used_and_every_call_is_printed()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        using RawProgram program = new();
        plan.Lower(program);
        HashSet<int> filled = [plan.InheritedControl.Index];
        for (int i = 0; i < program.Count; i++)
        {
            RawUse use = program.Use(i);
            Assert.All(use.Reads, slot => Assert.Contains(slot, filled));
            Assert.True(use.Writes < 0 || filled.Add(use.Writes), $"step {use.Step}");
        }

        foreach (ChildStep step in plan.Steps.OfType<ChildStep>())
        {
            StraceText text = new();
            step.Op.ToStrace(text);
            Assert.Equal(Enumerable.Range(0, program.Count).Count(i => program.Use(i) is { IsCall: true } use && use.Step == step.Number), text.Calls.Count);
        }
    }

    [Fact]
    public void The_record_is_written_before_the_child_lets_go_and_the_filter_comes_after_the_start()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        int made = At(plan, op => op is AnnounceOp { Name: "container made" });
        int record = plan.Steps.First(s => s is CsrunStep { Op: WriteRecordOp }).Number;
        int alone = At(plan, op => op == PrctlOp.OutliveCsrun);
        int start = At(plan, op => op is AwaitByteOp { Name: "start" });
        int hook = At(plan, op => op is RunHookOp { Kind: "startContainer" });
        int filter = At(plan, op => op is SeccompOp);
        int execve = At(plan, op => op is ExecveOp);
        Assert.True(made < record && record < alone && alone < start && start < hook && hook < filter && filter < execve);
        Assert.True(At(plan, op => op is RunHookOp { Kind: "createContainer" }) < At(plan, op => op is PivotRootOp));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_with_a_listener_comes_before_the_wait_and_its_listener_right_after_it(bool noNewPrivileges)
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting with
        {
            Spec = Waiting.Spec with { Process = Waiting.Spec.Process! with { NoNewPrivileges = noNewPrivileges }, Linux = Waiting.Spec.Linux! with { Seccomp = new Seccomp { ListenerPath = "/run/agent" } } },
            SeccompFilter = Waiting.SeccompFilter! with { Flags = SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER },
        });
        int filter = At(plan, op => op is SeccompOp);
        Assert.Equal("/run/agent", Assert.IsType<SendListenerOp>(Assert.IsType<CsrunStep>(plan[filter + 1]).Op).Path);
        Assert.True(filter < At(plan, op => op is AnnounceOp { Name: "container made" }));
        StraceText text = new();
        ((ChildStep)plan[filter]).Op.ToStrace(text);
        Assert.Contains("SECCOMP_FILTER_FLAG_NEW_LISTENER", text.Calls[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Network_devices_are_moved_when_the_namespace_is_there_and_before_hooks_and_parameters()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting with
        {
            Spec = Waiting.Spec with { Linux = Waiting.Spec.Linux! with { NetDevices = new Dictionary<string, NetDevice> { ["a"] = new(), ["b"] = new() { Name = "c" } } } },
        });
        CsrunStep moved = Assert.IsType<CsrunStep>(plan.Steps.First(s => s is CsrunStep { Op: MoveNetDevicesOp }));
        Assert.Equal(new[] { ("a", "a"), ("b", "c") }, ((MoveNetDevicesOp)moved.Op).Devices.ToArray());
        Assert.True(At(plan, op => op is UnshareOp { Namespaces: var made } && (made & CloneFlags.CLONE_NEWNET) != 0) < moved.Number);
        Assert.True(moved.Number < plan.Steps.First(s => s is CsrunStep { Op: RunHooksOp }).Number && moved.Number < At(plan, op => op is SetNamesOp));
    }

    [Fact]
    public void No_range_that_is_closed_holds_a_descriptor_that_is_needed()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        int[] kept = [.. Ops(plan).OfType<Dup3Op>().Select(op => op.Number).Where(number => number >= 210)];
        Assert.Equal(5, kept.Length);
        int first = At(plan, op => op is SetsidOp);
        foreach (CloseDescriptorsOp close in plan.Steps.OfType<ChildStep>().Where(s => s.Number > first).Select(s => s.Op).OfType<CloseDescriptorsOp>())
        {
            Assert.DoesNotContain(kept, number => number >= close.First && number <= close.Last);
        }
    }

    [Fact]
    public void Hooks_before_pivot_root_come_after_the_mounts_which_are_attached_within_the_roots_descriptor()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        int root = At(plan, op => op is FchdirOp), pivot = At(plan, op => op is PivotRootOp);
        int runtime = plan.Steps.First(s => s is CsrunStep { Op: RunHooksOp }).Number, container = At(plan, op => op is RunHookOp { Kind: "createContainer" });
        int system = At(plan, op => op is SetNamesOp);
        ChildStep[] between = [.. plan.Steps.OfType<ChildStep>().Where(s => s.Number > root && s.Number < pivot)];
        int attached = between.Last(s => s.Op is MoveMountOp).Number;
        Assert.True(root < attached && attached < runtime && runtime < container && container < system && system < pivot);
        // A path that begins at the process's own root would be one of the host's.
        FdSlot own = ((FchdirOp)plan.Steps.OfType<ChildStep>().First(s => s.Number == root).Op).Fd;
        Assert.All(between.Select(s => s.Op).OfType<OpenOp>().Where(op => op.Path.StartsWith('/')), op =>
        {
            Assert.Equal(own, op.Dir);
            Assert.True((op.Resolve & (ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS)) == (ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS));
        });
        Assert.All(between.Select(s => s.Op).OfType<MkdirInRootOp>(), op => Assert.Equal(own, op.Root));
        Assert.DoesNotContain(between, s => s.Op is OpenTreeOp { Dir: null } or MkdirOp { Dir: null } or WriteFileOp { Dir: null });
    }

    [Fact]
    public void Namespaces_are_entered_before_new_ones_are_made()
    {
        LaunchPlan plan = LaunchPlanner.Plan(Waiting);
        Assert.Equal(default, plan.Namespaces);
        Assert.True(At(plan, op => op is EnterNamespaceOp) < At(plan, op => op is UnshareOp));
        Assert.True(At(plan, op => op == PrctlOp.Undumpable) < At(plan, op => op is ForkSiblingOp));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/proc/7/ns/mnt")]
    public void In_a_mount_namespace_that_is_not_its_own_nothing_is_mounted_and_no_root_pivoted(string? path)
    {
        Spec spec = LaunchRequests.Default.Spec;
        LaunchRequest request = LaunchRequests.Default with
        {
            Facts = LaunchRequests.Default.Facts with { Kernel = new Version(6, 15) },
            Rootfs = new DirectoryRootfs("/srv/rootfs", IdMapped: false),
            Spec = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces.Where(n => n.Type is not ("mount" or "user"))] } },
            Joined = path is null ? [] : [new JoinedNamespace(CloneFlags.CLONE_NEWNS, path, new OpenDescriptor("mount namespace", 20))],
        };
        LaunchPlan plan = LaunchPlanner.Plan(request);
        KernelOp[] ops = [.. Ops(plan)];
        Assert.DoesNotContain(ops, op => op is PropagationOp or PivotRootOp || op is UnshareOp unshare && (unshare.Namespaces & CloneFlags.CLONE_NEWNS) != 0);
        // The tree is private before anything is mounted on it: the host's / is shared on many hosts.
        int isPrivate = Array.FindIndex(ops, op => op is MountSetattrOp { Recursive: true, Propagation: MountFlags.MS_PRIVATE });
        Assert.InRange(isPrivate, 0, Array.FindIndex(ops, op => op is MoveMountOp) - 1);
        Assert.Equal(path is null ? 1 : 2, ops.Count(op => op is ChrootOp));
        Assert.Equal(path is null ? 0 : 1, ops.Count(op => op is EnterNamespaceOp));
        Assert.True(path is null || Array.FindIndex(ops, op => op is EnterNamespaceOp) == Array.FindLastIndex(ops, op => op is ChrootOp) - 2);
        Assert.Contains("Linux 6.15", Assert.Throws<CsrunException>(() => LaunchPlanner.Plan(request with { Facts = request.Facts with { Kernel = new Version(6, 14) } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_device_that_the_configuration_names_is_made_once()
    {
        Spec spec = LaunchRequests.Default.Spec;
        Device tty = new() { Path = "/dev/tty", Type = "c", Major = 5, Minor = 0, FileMode = 0x180 };
        LaunchRequest request = LaunchRequests.Default with
        {
            Facts = LaunchRequests.Root,
            Spec = spec with { Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces.Where(n => n.Type is not "user")], Devices = [tty] } },
        };
        MknodOp made = Assert.Single(Ops(LaunchPlanner.Plan(request)).OfType<MknodOp>(), op => op.Name == "tty");
        Assert.Equal(0x2180U, made.Mode);
    }

    private static IEnumerable<KernelOp> Ops(LaunchPlan plan) => plan.Steps.OfType<ChildStep>().Select(step => step.Op);

    private static int At(LaunchPlan plan, Func<KernelOp, bool> wanted) => plan.Steps.OfType<ChildStep>().First(step => wanted(step.Op)).Number;
}
