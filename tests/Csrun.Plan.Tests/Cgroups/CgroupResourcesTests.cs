using System.Collections.Immutable;
using Csrun.Oci;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Tests.Cgroups;

/// <summary>The expected texts are what runc 1.1.5 writes for the same configuration (compared on a host by CgroupTests of the integration tests).</summary>
public sealed class CgroupResourcesTests
{
    [Theory]
    [InlineData("""{"memory": {"limit": 64, "swap": 128}}""", "memory.limit_in_bytes=64 memory.memsw.limit_in_bytes=128")]
    [InlineData("""{"memory": {"limit": 64, "swap": -1}}""", "memory.memsw.limit_in_bytes=-1 memory.limit_in_bytes=64")]
    [InlineData("""{"memory": {"limit": -1}}""", "memory.memsw.limit_in_bytes=-1 memory.limit_in_bytes=-1")]
    [InlineData("""{"memory": {"limit": 0, "swap": 0, "reservation": 0}}""", "")]
    [InlineData("""{"memory": {"reservation": 5, "swappiness": 0, "disableOOMKiller": true}}""", "memory.soft_limit_in_bytes=5 memory.oom_control=1 memory.swappiness=0")]
    [InlineData("""{"memory": {"disableOOMKiller": false, "useHierarchy": true}}""", "")]
    [InlineData("""{"cpu": {"shares": 512, "quota": 50000, "period": 100000}}""", "cpu.shares=512 cpu.cfs_period_us=100000 cpu.cfs_quota_us=50000")]
    [InlineData("""{"cpu": {"cpus": "0-1", "mems": "0", "idle": 1, "quota": -1}}""", "cpuset.cpus=0-1 cpuset.mems=0 cpu.idle=1 cpu.cfs_quota_us=-1")]
    [InlineData("""{"cpu": {"realtimePeriod": 1000000, "realtimeRuntime": 950000}}""", "cpu.rt_period_us=1000000 cpu.rt_runtime_us=950000")]
    [InlineData("""{"pids": {"limit": 10}}""", "pids.max=10")]
    [InlineData("""{"pids": {"limit": -1}}""", "pids.max=max")]
    [InlineData("""{"pids": {"limit": 0}}""", "")]
    [InlineData("""{"blockIO": {"weight": 100, "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 600}]}}""", "blkio.bfq.weight=100 blkio.throttle.read_bps_device=8:0 600")]
    [InlineData("""{"hugepageLimits": [{"pageSize": "2MB", "limit": 5}]}""", "hugetlb.2MB.limit_in_bytes=5 hugetlb.2MB.rsvd.limit_in_bytes=5")]
    [InlineData("""{"network": {"classID": 7, "priorities": [{"name": "eth0", "priority": 5}]}}""", "net_cls.classid=7 net_prio.ifpriomap=eth0 5")]
    [InlineData("""{"rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10000}}}""", "rdma.max=mlx5_1 hca_handle=3 hca_object=10000")]
    public void Version_1(string json, string expected) => Assert.Equal(expected, Text(json, Layouts.V1));

    [Theory]
    [InlineData("""{"memory": {"limit": 64, "swap": 128}}""", "memory.swap.max=64 memory.max=64")]
    [InlineData("""{"memory": {"limit": 64, "swap": 64}}""", "memory.swap.max=0 memory.max=64")]
    [InlineData("""{"memory": {"limit": 64, "swap": -1, "reservation": 32}}""", "memory.swap.max=max memory.max=64 memory.low=32")]
    [InlineData("""{"memory": {"limit": -1}}""", "memory.swap.max=max memory.max=max")]
    [InlineData("""{"memory": {"limit": 64}}""", "memory.max=64")]
    [InlineData("""{"cpu": {"shares": 1024}}""", "cpu.weight=39")]
    [InlineData("""{"cpu": {"quota": 50000}}""", "cpu.max=50000 100000")]
    [InlineData("""{"cpu": {"quota": -1, "period": 20000}}""", "cpu.max=max 20000")]
    [InlineData("""{"cpu": {"burst": 100, "quota": 50000, "period": 20000, "cpus": "1", "mems": "0"}}""", "cpuset.cpus=1 cpuset.mems=0 cpu.max.burst=100 cpu.max=50000 20000")]
    [InlineData("""{"blockIO": {"weight": 500, "weightDevice": [{"major": 8, "minor": 0, "weight": 10}]}}""", "io.bfq.weight=500|io.weight=4950 io.bfq.weight=8:0 10|io.weight=8:0 1")]
    [InlineData("""{"blockIO": {"throttleWriteIOPSDevice": [{"major": 8, "minor": 16, "rate": 0}]}}""", "io.max=8:16 wiops=max")]
    [InlineData("""{"unified": {"memory.high": "100", "cgroup.max.descendants": "5"}}""", "memory.high=100 cgroup.max.descendants=5")]
    public void Version_2(string json, string expected) => Assert.Equal(expected, Text(json, Layouts.Unified));

    [Fact]
    public void The_order_of_memory_limits_depends_on_the_present_one()
    {
        Resources resources = Read("""{"memory": {"limit": 200, "swap": 300}}""");
        string[] raised = [.. CgroupResources.Writes(resources, Layouts.V1, new CgroupPresent(100, 0, true), out _).Select(w => w.File)];
        string[] lowered = [.. CgroupResources.Writes(resources, Layouts.V1, new CgroupPresent(1000, 0, true), out _).Select(w => w.File)];
        Assert.Equal(["memory.memsw.limit_in_bytes", "memory.limit_in_bytes"], raised);
        Assert.Equal(["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"], lowered);
    }

    [Fact]
    public void CheckBeforeUpdate_refuses_what_is_in_use_already()
    {
        Resources resources = Read("""{"memory": {"limit": 100, "checkBeforeUpdate": true}}""");
        CgroupResources.Writes(resources, Layouts.Unified, new CgroupPresent(1000, 101, true), out IReadOnlyList<ConfigMistake> refused);
        Assert.Equal("$.linux.resources.memory.limit", Assert.Single(refused).JsonPath);
        CgroupResources.Writes(resources, Layouts.Unified, new CgroupPresent(1000, 100, true), out refused);
        Assert.Empty(refused);
    }

    [Theory]
    [InlineData("""{"unified": {"memory.high": "100"}}""", "$.linux.resources.unified[\"memory.high\"]", true)]
    [InlineData("""{"memory": {"useHierarchy": false}}""", "$.linux.resources.memory.useHierarchy", true)]
    [InlineData("""{"cpu": {"realtimeRuntime": 5}}""", "$.linux.resources.cpu.realtimeRuntime", false)]
    [InlineData("""{"memory": {"swappiness": 5}}""", "$.linux.resources.memory.swappiness", false)]
    [InlineData("""{"memory": {"kernel": 5}}""", "$.linux.resources.memory.kernel", false)]
    [InlineData("""{"memory": {"kernelTCP": 5}}""", "$.linux.resources.memory.kernelTCP", false)]
    [InlineData("""{"memory": {"disableOOMKiller": true}}""", "$.linux.resources.memory.disableOOMKiller", false)]
    [InlineData("""{"blockIO": {"leafWeight": 10}}""", "$.linux.resources.blockIO.leafWeight", false)]
    [InlineData("""{"network": {"classID": 1}}""", "$.linux.resources.network.classID", false)]
    [InlineData("""{"network": {"priorities": [{"name": "eth0", "priority": 5}]}}""", "$.linux.resources.network.priorities[0]", false)]
    public void What_the_version_has_not_got_is_refused_by_name(string json, string path, bool version1)
    {
        CgroupResources.Writes(Read(json), version1 ? Layouts.V1 : Layouts.Unified, CgroupPresent.New, out IReadOnlyList<ConfigMistake> refused);
        Assert.Equal(path, Assert.Single(refused).JsonPath);
    }

    [Fact]
    public void A_controller_that_the_host_has_not_got_is_refused_by_name()
    {
        CgroupLayout layout = Layouts.V1 with { Hierarchies = [.. Layouts.V1.Hierarchies.Where(h => h.Name != "pids")] };
        CgroupResources.Writes(Read("""{"pids": {"limit": 5}}"""), layout, CgroupPresent.New, out IReadOnlyList<ConfigMistake> refused);
        Assert.Contains("no control group controller \"pids\"", Assert.Single(refused).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_keep_the_order_and_the_ends_of_shares()
    {
        Assert.Equal(1UL, Weight(2));
        Assert.Equal(10000UL, Weight(262144));
        ulong last = 0;
        for (ulong shares = 2; shares <= 262144; shares += 97)
        {
            ulong weight = Weight(shares);
            Assert.InRange(weight, Math.Max(last, 1), 10000UL);
            last = weight;
        }
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"devices": [{"allow": false, "access": "rwm"}], "memory": {}, "cpu": {"shares": 0}, "pids": {"limit": 0}}""", false)]
    [InlineData("""{"pids": {"limit": -1}}""", true)]
    [InlineData("""{"unified": {"memory.high": "1"}}""", true)]
    public void Only_limits_are_limits(string json, bool asks) => Assert.Equal(asks, CgroupResources.AsksForLimits(Read(json)));

    private static ulong Weight(ulong shares) =>
        ulong.Parse(CgroupResources.Writes(new Resources { Cpu = new CpuResources { Shares = shares } }, Layouts.Unified, CgroupPresent.New, out _)[0].Text);

    private static string Text(string json, CgroupLayout layout)
    {
        ImmutableArray<CgroupWrite> writes = CgroupResources.Writes(Read(json), layout, CgroupPresent.New, out IReadOnlyList<ConfigMistake> refused);
        Assert.Empty(refused);
        return string.Join(' ', writes.Select(w => string.Join('|', [$"{w.File}={w.Text}", .. w.Otherwise.Where(o => o.Text != w.Text).Select(o => $"{o.File}={o.Text}")])));
    }

    internal static Resources Read(string json) =>
        SpecReader.Read(System.Text.Encoding.UTF8.GetBytes("{\"ociVersion\": \"1.2.0\", \"linux\": {\"resources\": " + json + "}}"), "test.json").Spec!.Linux!.Resources!;
}
