using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Ops;

/// <summary>What each operation says about itself: its manual page, its failures, its calls.</summary>
public sealed class OpTests
{
    private static readonly KernelOp[] s_ops =
    [
        .. LaunchRequests.Family().SelectMany(one => LaunchPlanner.Plan(one.Request).Steps).OfType<ChildStep>().Select(step => step.Op),
        .. LaunchPlanner.Plan(StartPlannerTests.Waiting).Steps.OfType<ChildStep>().Select(step => step.Op),
        .. JoinPlanner.Plan(LaunchRequests.Family().First(one => one.Name == "rootless, image, scheduling").Request, new OpenDescriptor("the container's process", 7)).Steps.OfType<ChildStep>().Select(step => step.Op),
        .. JoinPlanner.Plan(LaunchRequests.Default, new OpenDescriptor("the container's process", 7)).Steps.OfType<ChildStep>().Select(step => step.Op),
        new FchownatOp(default, "null", 1, 2),
        new ChrootOp(default),
        new MknodOp(default, "fifo", 0x1000 | 0x1b6, 0, 0),
        new SetNamesOp("example.test", Domain: true),
        new PersonalityOp(Is32Bit: false),
        .. ((string[])["SCHED_FIFO", "SCHED_ISO", "SCHED_DEADLINE", "SCHED_OTHER"]).Select(policy => new SchedulerOp(new Scheduler { Policy = policy, Priority = 1 })),
        new CopyTreeOp(new FdSlot(0, "rootfs /x"), new FdSlot(1, "tmpfs"), CopyTreeTests.Tree, new FdSlot(2, "file"), new FdSlot(3, "copy"), new FdSlot(4, "owner"), new FdSlot(5, "group")),
        new MoveRootOp(),
        new LeftOutOp(new UmaskOp(0)),
        new JoinTasksOp(new CgroupGroup("pids", ["pids"], "/sys/fs/cgroup/pids", "/x"), default, Asked: true),
        new MountSetattrOp(default(FdSlot), "", Recursive: true, MountAttr.MOUNT_ATTR_IDMAP, IdMap: default(FdSlot)),
    ];

    [Fact]
    public void Every_kind_of_operation_is_looked_at()
    {
        Type[] kinds = [.. typeof(KernelOp).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(KernelOp)))];
        Assert.Empty(kinds.Except(s_ops.Select(op => op.GetType())));
    }

    [Fact]
    public void Every_operation_names_a_manual_page() => Assert.All(s_ops, op => Assert.Matches("^[a-z][a-z0-9_]*\\([1-8]\\)$", op.ManPage));

    [Fact]
    public void No_errno_upsets_a_hint()
    {
        foreach (KernelOp op in s_ops.DistinctBy(op => op.ToString()))
        {
            foreach (Errno errno in Enum.GetValues<Errno>().Append((Errno)4000))
            {
                foreach (HostFacts facts in (HostFacts[])[LaunchRequests.User, LaunchRequests.Root])
                {
                    if (op.HintFor(errno, facts) is { } hint)
                    {
                        Assert.Matches("^\\S.*[^.\\s]$", hint.Why);
                        Assert.True(hint.Fix is null || hint.Fix.Trim().Length > 5, $"{op}: {hint.Fix}");
                        Assert.InRange(hint.ExitCode, 125, 127);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(typeof(AmbientCapabilityOp), Errno.EPERM)]
    [InlineData(typeof(AwaitBarrierOp), Errno.ECANCELED)]
    [InlineData(typeof(CheckCsrunAliveOp), Errno.ECANCELED)]
    [InlineData(typeof(CapsetOp), Errno.EPERM)]
    [InlineData(typeof(ChrootOp), Errno.EPERM)]
    [InlineData(typeof(CloseDescriptorsOp), Errno.ENOSYS)]
    [InlineData(typeof(CopyTreeOp), Errno.ENOSPC)]
    [InlineData(typeof(CopyTreeOp), Errno.EACCES)]
    [InlineData(typeof(CopyTreeOp), Errno.ECANCELED)]
    [InlineData(typeof(FchownatOp), Errno.EINVAL)]
    [InlineData(typeof(MkdirOp), Errno.EACCES)]
    [InlineData(typeof(MkdirOp), Errno.EROFS)]
    [InlineData(typeof(MkdirOp), Errno.ENOTDIR)]
    [InlineData(typeof(MkdirOp), Errno.ENOSPC)]
    [InlineData(typeof(MknodOp), Errno.EPERM)]
    [InlineData(typeof(MountSetattrOp), Errno.EPERM)]
    [InlineData(typeof(MountSetattrOp), Errno.EBUSY)]
    [InlineData(typeof(MountSetattrOp), Errno.ENOSYS)]
    [InlineData(typeof(MoveMountOp), Errno.EINVAL)]
    [InlineData(typeof(MoveMountOp), Errno.ENOSPC)]
    [InlineData(typeof(NewFilesystemOp), Errno.ENODEV)]
    [InlineData(typeof(NewFilesystemOp), Errno.EPERM)]
    [InlineData(typeof(NewFilesystemOp), Errno.EINVAL)]
    [InlineData(typeof(OpenOp), Errno.ENOENT)]
    [InlineData(typeof(OpenOp), Errno.ENOTDIR)]
    [InlineData(typeof(OpenOp), Errno.EACCES)]
    [InlineData(typeof(OpenOp), Errno.ENOSYS)]
    [InlineData(typeof(OpenTreeOp), Errno.ENOENT)]
    [InlineData(typeof(OpenTreeOp), Errno.EACCES)]
    [InlineData(typeof(OpenTreeOp), Errno.EINVAL)]
    [InlineData(typeof(PersonalityOp), Errno.EINVAL)]
    [InlineData(typeof(PivotRootOp), Errno.EINVAL)]
    [InlineData(typeof(PropagationOp), Errno.EACCES)]
    [InlineData(typeof(PropagationOp), Errno.EPERM)]
    [InlineData(typeof(RlimitOp), Errno.EPERM)]
    [InlineData(typeof(RlimitOp), Errno.EINVAL)]
    [InlineData(typeof(SchedulerOp), Errno.EPERM)]
    [InlineData(typeof(SchedulerOp), Errno.EINVAL)]
    [InlineData(typeof(SchedulerOp), Errno.EBUSY)]
    [InlineData(typeof(SchedulerOp), Errno.EOPNOTSUPP)]
    [InlineData(typeof(IoPriorityOp), Errno.EPERM)]
    [InlineData(typeof(MemoryPolicyOp), Errno.EINVAL)]
    [InlineData(typeof(MemoryPolicyOp), Errno.ENOSYS)]
    [InlineData(typeof(CpuAffinityOp), Errno.EINVAL)]
    [InlineData(typeof(ExecAttributeOp), Errno.ENOENT)]
    [InlineData(typeof(ExecAttributeOp), Errno.EACCES)]
    [InlineData(typeof(ExecAttributeOp), Errno.EINVAL)]
    [InlineData(typeof(ExecAttributeOp), Errno.EXDEV)]
    [InlineData(typeof(SeccompOp), Errno.EACCES)]
    [InlineData(typeof(SeccompOp), Errno.EINVAL)]
    [InlineData(typeof(SetIdsOp), Errno.EINVAL)]
    [InlineData(typeof(SetIdsOp), Errno.EPERM)]
    [InlineData(typeof(SetNamesOp), Errno.EINVAL)]
    [InlineData(typeof(UnshareOp), Errno.EPERM)]
    [InlineData(typeof(UnshareOp), Errno.ENOSPC)]
    [InlineData(typeof(UnshareOp), Errno.EINVAL)]
    [InlineData(typeof(ForkInitOp), Errno.EAGAIN)]
    [InlineData(typeof(WorkingDirectoryOp), Errno.ENOENT)]
    [InlineData(typeof(WorkingDirectoryOp), Errno.EACCES)]
    [InlineData(typeof(WriteFileOp), Errno.EACCES)]
    [InlineData(typeof(WriteFileOp), Errno.EINVAL)]
    [InlineData(typeof(WriteFileOp), Errno.ENOENT)]
    public void A_likely_failure_is_explained(Type kind, Errno errno) =>
        Assert.Contains(s_ops.Where(op => op.GetType() == kind), op => op.HintFor(errno, LaunchRequests.User) is not null);

    [Fact]
    public void Strings_are_quoted_as_strace_quotes_them()
    {
        Assert.Equal("NULL", StraceText.Quote(null));
        Assert.Equal("\"\"", StraceText.Quote(""));
        Assert.Equal("\"a\\\"b\\\\c\\n\\t\\r\"", StraceText.Quote("a\"b\\c\n\t\r"));
        Assert.Equal("\"\\303\\244\"", StraceText.Quote("ä"));
        Assert.Equal("\"\\33[0m\"", StraceText.Quote("\u001b[0m"));
        // strace writes all three digits where a digit follows: \1 and 2 would read as one octal number.
        Assert.Equal("\"\\0012\"", StraceText.Quote("\u00012"));
        Assert.Equal("\"\\1a\"", StraceText.Quote("\u0001a"));
        Assert.Equal("\"\\v\\f\"", StraceText.Quote("\v\f"));
    }

    [Theory]
    [InlineData(0ul, "0")]
    [InlineData(1024ul, "1024")]
    [InlineData(8388608ul, "8192*1024")]
    [InlineData(1025ul, "1025")]
    [InlineData(ulong.MaxValue, "RLIM64_INFINITY")]
    public void Limits_read_as_strace_writes_them(ulong value, string text) => Assert.Equal(text, StraceText.Limit(value));

    [Fact]
    public void A_block_device_is_printed_as_strace_does()
    {
        using RawProgram program = new();
        StraceText text = new();
        MknodOp op = new(new FdSlot(0, "dev"), "x", 0x6000 | 0x1b0, 259, 70000);
        op.Lower(program);
        op.ToStrace(text);
        Assert.Equal(["mknodat(<dev>, \"x\", S_IFBLK|0660, makedev(0x103, 0x11170))"], text.Calls);
    }
}
