namespace Csrun.Oci.Tests;

/// <summary>config-linux.md, but for ID mappings.</summary>
public sealed class LinuxValidationTests
{
    [Fact]
    public void Namespaces_are_known_once_each_with_absolute_paths()
    {
        LinuxConfig linux = new()
        {
            Namespaces =
            [
                new Namespace { Type = "pid" }, new Namespace { Type = "network", Path = "run/netns" }, new Namespace { Type = "pid", Path = "/proc/1/ns/pid" },
                new Namespace { Type = "mnt" }, new Namespace(), new Namespace { Type = "User" },
            ],
        };
        IReadOnlyList<ConfigMistake> mistakes = SpecValidator.Validate(Config.WithLinux(linux));
        Assert.Equal(
            [
                "$.linux.namespaces[1].path", "$.linux.namespaces[2].type", "$.linux.namespaces[3].type", "$.linux.namespaces[4].type",
                "$.linux.namespaces[5].type",
            ],
            mistakes.Select(m => m.JsonPath));
        Assert.Equal("did you mean \"user\"?", mistakes[4].Fix);
    }

    [Fact]
    public void Time_offsets_need_a_time_namespace_and_less_than_a_second_of_nanoseconds()
    {
        TimeOffsets offsets = new() { Monotonic = new TimeOffset { Secs = -5, Nanosecs = 999_999_999 } };
        Assert.Equal("$.linux.timeOffsets", Config.OnlyMistake(Config.WithLinux(new LinuxConfig { TimeOffsets = offsets })).JsonPath);
        LinuxConfig linux = new() { Namespaces = Config.Namespaces("time"), TimeOffsets = offsets };
        Assert.Empty(SpecValidator.Validate(Config.WithLinux(linux)));
        Assert.Equal("$.linux.timeOffsets.boottime.nanosecs", Config.OnlyMistake(Config.WithLinux(
            linux with { TimeOffsets = offsets with { Boottime = new TimeOffset { Nanosecs = 1_000_000_000 } } })).JsonPath);
        ConfigMistake entered = Config.OnlyMistake(Config.WithLinux(linux with { Namespaces = [new Namespace { Type = "time", Path = "/proc/1/ns/time" }] }));
        Assert.Equal("$.linux.timeOffsets", entered.JsonPath);
        Assert.Contains("either the path or the offsets", entered.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.ipv4.ip_forward", "network", true)]
    [InlineData("net.ipv4.ip_forward", "ipc", false)]
    [InlineData("net/ipv4/conf/eth0.1/forwarding", "network", true)]
    [InlineData("net.ipv4.conf.eth0/1.forwarding", "network", true)]
    [InlineData("kernel.shmmax", "ipc", true)]
    [InlineData("kernel.shm_rmid_forced", "ipc", true)]
    [InlineData("kernel.msgmnb", "ipc", true)]
    [InlineData("kernel.sem", "ipc", true)]
    [InlineData("kernel/sem", "ipc", true)]
    [InlineData("kernel.sem", "network", false)]
    [InlineData("fs.mqueue.msg_max", "ipc", true)]
    [InlineData("kernel.domainname", "uts", true)]
    [InlineData("kernel.domainname", "ipc", false)]
    [InlineData("kernel.core_pattern", "ipc", false)]
    [InlineData("kernel.semantics", "ipc", false)]
    [InlineData("vm.overcommit_memory", "ipc", false)]
    [InlineData("fs.file-max", "ipc", false)]
    [InlineData("net", "network", false)]
    [InlineData("net.", "network", false)]
    [InlineData("", "network", false)]
    [InlineData("net/../kernel/core_pattern", "network", false)]
    [InlineData("net.//.kernel.core_pattern", "network", false)]
    [InlineData("net./.x", "network", false)]
    [InlineData("net..x", "network", false)]
    [InlineData("/net/ipv4/ip_forward", "network", false)]
    [InlineData("net.a b", "network", false)]
    [InlineData("net.a\nb", "network", false)]
    public void Only_parameters_of_own_namespaces_may_be_set(string name, string type, bool good)
    {
        LinuxConfig linux = new() { Namespaces = Config.Namespaces(type), Sysctl = new Dictionary<string, string> { [name] = "1" } };
        IReadOnlyList<ConfigMistake> mistakes = SpecValidator.Validate(Config.WithLinux(linux));
        Assert.Equal(good, mistakes.Count == 0);
        Assert.All(mistakes, m => Assert.StartsWith("$.linux.sysctl", m.JsonPath, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostname_parameter_may_not_contradict_the_hostname()
    {
        LinuxConfig linux = new() { Namespaces = Config.Namespaces("uts"), Sysctl = new Dictionary<string, string> { ["kernel.hostname"] = "a" } };
        Assert.Empty(SpecValidator.Validate(Config.WithLinux(linux) with { Hostname = "a" }));
        Assert.Equal("$.linux.sysctl[\"kernel.hostname\"]", Config.OnlyMistake(Config.WithLinux(linux) with { Hostname = "b" }).JsonPath);
    }

    [Fact]
    public void Masked_and_readonly_paths_are_absolute()
    {
        LinuxConfig linux = new() { MaskedPaths = ["/proc/kcore", "proc/keys"], ReadonlyPaths = ["", "/proc/sys"] };
        Assert.Equal(["$.linux.maskedPaths[1]", "$.linux.readonlyPaths[0]"], SpecValidator.Validate(Config.WithLinux(linux)).Select(m => m.JsonPath));
    }

    [Theory]
    [InlineData("rshared", true)]
    [InlineData("private", true)]
    [InlineData("rprivte", false)]
    public void Propagation_is_known(string propagation, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithLinux(new LinuxConfig { RootfsPropagation = propagation })).Count == 0);

    [Theory]
    [InlineData("LINUX", true)]
    [InlineData("LINUX32", true)]
    [InlineData("linux32", false)]
    [InlineData("", false)]
    public void The_execution_domain_is_known(string domain, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithLinux(new LinuxConfig { Personality = new Personality { Domain = domain } })).Count == 0);

    [Fact]
    public void Devices_have_type_path_and_numbers()
    {
        Device fuse = new() { Type = "c", Path = "/dev/fuse", Major = 10, Minor = 229 };
        LinuxConfig linux = new()
        {
            Devices =
            [
                fuse, new Device { Type = "p", Path = "/dev/pipe" }, fuse with { Type = "x" }, fuse with { Path = "dev/fuse" },
                fuse with { Path = "/dev/../etc/passwd" }, fuse with { Major = null }, fuse with { Minor = 1 << 20 }, fuse with { Major = -1 },
            ],
        };
        Assert.Equal(
            [
                "$.linux.devices[2].type", "$.linux.devices[3].path", "$.linux.devices[4].path", "$.linux.devices[5].major",
                "$.linux.devices[6].minor", "$.linux.devices[7].major",
            ],
            SpecValidator.Validate(Config.WithLinux(linux)).Select(m => m.JsonPath));
    }

    [Fact]
    public void Seccomp_words_are_known()
    {
        Seccomp seccomp = new()
        {
            DefaultAction = "SCMP_ACT_ERNO",
            Architectures = ["SCMP_ARCH_X86_64", "amd64"],
            Flags = ["SECCOMP_FILTER_FLAG_LOGS"],
            ListenerMetadata = "x",
            Syscalls =
            [
                new SeccompSyscall { Names = [], Action = "SCMP_ACT_ALLOW", ErrnoRet = 1 },
                new SeccompSyscall { Names = ["read", ""], Action = "ALLOW", Args = [new SeccompArg { Index = 6, Op = "==" }] },
                new SeccompSyscall { Names = ["mount"], Action = "SCMP_ACT_NOTIFY" },
                new SeccompSyscall { Names = ["kexec_load"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 4096 },
            ],
        };
        IReadOnlyList<ConfigMistake> mistakes = SpecValidator.Validate(Config.WithLinux(new LinuxConfig { Seccomp = seccomp }));
        const string At = "$.linux.seccomp.";
        Assert.Equal(
            [
                At + "defaultAction", At + "architectures[1]", At + "flags[0]", At + "listenerMetadata", At + "syscalls[0].names",
                At + "syscalls[0].errnoRet", At + "syscalls[1].names[1]", At + "syscalls[1].action", At + "syscalls[1].args[0].op",
                At + "syscalls[1].args[0].index", At + "syscalls[2].action", At + "syscalls[3].errnoRet",
            ],
            mistakes.Select(m => m.JsonPath));
        Assert.Equal("did you mean \"SCMP_ACT_ERRNO\"?", mistakes[0].Fix);
    }

    [Fact]
    public void A_good_seccomp_filter_has_no_mistake() =>
        Assert.Empty(SpecValidator.Validate(Config.WithLinux(new LinuxConfig
        {
            Seccomp = new Seccomp
            {
                DefaultAction = "SCMP_ACT_ERRNO",
                DefaultErrnoRet = 38,
                ListenerPath = "/run/s",
                Syscalls =
                [
                    new SeccompSyscall { Names = ["clone"], Action = "SCMP_ACT_ALLOW", Args = [new SeccompArg { Index = 5, Value = 1, Op = "SCMP_CMP_MASKED_EQ" }] },
                    new SeccompSyscall { Names = ["mount"], Action = "SCMP_ACT_NOTIFY" },
                    new SeccompSyscall { Names = ["ptrace"], Action = "SCMP_ACT_TRACE", ErrnoRet = 65535 },
                ],
            },
        })));

    [Fact]
    public void Resources_are_checked()
    {
        Resources resources = new()
        {
            Devices = [new DeviceCgroupRule { Type = "x", Access = "rwx" }],
            Memory = new MemoryResources { Limit = 100, Swap = 50, Swappiness = 101, Reservation = -2 },
            Cpu = new CpuResources { Quota = -2, Period = 999, Cpus = "0-", Mems = "1,,2", Idle = 2 },
            BlockIO = new BlockIOResources { Weight = 9, WeightDevice = [new BlockIOWeightDevice { Weight = 1001 }] },
            HugepageLimits = [new HugepageLimit { PageSize = "2MiB" }, new HugepageLimit { PageSize = "064KB" }, new HugepageLimit { PageSize = "1GB" }],
            Unified = new Dictionary<string, string> { ["../cgroup.procs"] = "0", ["memory.high"] = "1", ["cgroup"] = "x" },
        };
        const string At = "$.linux.resources.";
        Assert.Equal(
            [
                At + "devices[0].type", At + "devices[0].access", At + "memory.reservation", At + "memory.swap", At + "memory.swappiness",
                At + "cpu.quota", At + "cpu.period", At + "cpu.cpus", At + "cpu.mems", At + "cpu.idle", At + "blockIO.weight",
                At + "blockIO.weightDevice[0].weight", At + "hugepageLimits[0].pageSize", At + "hugepageLimits[1].pageSize",
                At + "unified[\"../cgroup.procs\"]", At + "unified.cgroup",
            ],
            SpecValidator.Validate(Config.WithLinux(new LinuxConfig { Resources = resources })).Select(m => m.JsonPath));
    }

    [Theory]
    [InlineData(-1L, null, true)]
    [InlineData(100L, 100L, true)]
    [InlineData(100L, null, false)]
    [InlineData(100L, -1L, false)]
    [InlineData(99L, 100L, false)]
    [InlineData(0L, 100L, true)]
    public void Swap_counts_memory_too(long swap, long? limit, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithLinux(
            new LinuxConfig { Resources = new Resources { Memory = new MemoryResources { Swap = swap, Limit = limit } } })).Count == 0);

    [Fact]
    public void The_cgroup_path_leads_to_no_parent() =>
        Assert.Equal("$.linux.cgroupsPath", Config.OnlyMistake(Config.WithLinux(new LinuxConfig { CgroupsPath = "/a/../../b" })).JsonPath);

    [Fact]
    public void Network_devices_need_a_network_namespace_and_kernel_names()
    {
        Dictionary<string, NetDevice> devices = new() { ["eth0"] = new NetDevice { Name = "inside/0" } };
        Assert.Equal(
            ["$.linux.netDevices", "$.linux.netDevices.eth0.name"],
            SpecValidator.Validate(Config.WithLinux(new LinuxConfig { NetDevices = devices })).Select(m => m.JsonPath));
    }

    [Fact]
    public void The_memory_policy_is_known()
    {
        LinuxConfig linux = new() { MemoryPolicy = new MemoryPolicy { Mode = "BIND", Nodes = "x", Flags = ["STATIC"] } };
        Assert.Equal(
            ["$.linux.memoryPolicy.mode", "$.linux.memoryPolicy.flags[0]", "$.linux.memoryPolicy.nodes"],
            SpecValidator.Validate(Config.WithLinux(linux)).Select(m => m.JsonPath));
    }

    [Theory]
    [InlineData("MPOL_DEFAULT", "0", false)]
    [InlineData("MPOL_LOCAL", "0", false)]
    [InlineData("MPOL_BIND", null, false)]
    [InlineData("MPOL_WEIGHTED_INTERLEAVE", "", false)]
    [InlineData("MPOL_PREFERRED", null, true)]
    [InlineData("MPOL_INTERLEAVE", "0-1,3", true)]
    [InlineData("MPOL_LOCAL", null, true)]
    public void Nodes_go_with_the_memory_policy(string mode, string? nodes, bool good)
    {
        IReadOnlyList<ConfigMistake> mistakes = SpecValidator.Validate(Config.WithLinux(new LinuxConfig { MemoryPolicy = new MemoryPolicy { Mode = mode, Nodes = nodes } }));
        Assert.Equal(good ? [] : ["$.linux.memoryPolicy.nodes"], mistakes.Select(m => m.JsonPath));
    }

    [Theory]
    [InlineData("0", "0100000000000000")]
    [InlineData("0-3,7", "8F00000000000000")]
    [InlineData("63", "0000000000000080")]
    [InlineData("64, 1", "02000000000000000100000000000000")]
    [InlineData("", "")]
    public void A_list_of_processors_becomes_a_mask(string list, string mask)
    {
        Assert.Equal(mask, Convert.ToHexString(IdList.Mask(list)));
        Assert.Equal(list is "" ? [] : list is "0-3,7" ? [0, 1, 2, 3, 7] : list is "64, 1" ? [1, 64] : [int.Parse(list, System.Globalization.CultureInfo.InvariantCulture)], IdList.Numbers(list));
    }

    [Fact]
    public void Scheduling_words_have_the_kernels_numbers()
    {
        Assert.Equal([0, 1, 2, 3, 5, 6], ((string[])["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_IDLE", "SCHED_DEADLINE"]).Select(SchedulingWords.Policy));
        Assert.Equal(0x21ul, SchedulingWords.Flags(["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_UTIL_CLAMP_MIN"]));
        Assert.Equal([1, 2, 3], ((string[])["IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"]).Select(SchedulingWords.IoClass));
        Assert.Equal(2 | 1 << 15, SchedulingWords.MemoryMode(new MemoryPolicy { Mode = "MPOL_BIND", Flags = ["MPOL_F_STATIC_NODES"] }));
        Assert.Equal(6 | 1 << 13, SchedulingWords.MemoryMode(new MemoryPolicy { Mode = "MPOL_WEIGHTED_INTERLEAVE", Flags = ["MPOL_F_NUMA_BALANCING"] }));
    }
}
