using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Specs;

public sealed class SpecBuilderTests
{
    private static readonly IdMapPair s_maps = new(new IdMap(new(0, 1000, 1), new(1, 100000, 65536)), new IdMap(new(0, 1000, 1), new(1, 200000, 65536)));
    private static readonly string[] s_default = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP"];

    private static SpecInputs Inputs(RunRequest? request = null) => new()
    {
        Request = request ?? new RunRequest { Image = "alpine", Command = ["id"] },
        ContainerId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        RootPath = "/store/merged",
        User = new ResolvedUser(0, 0, [0, 1, 2], "/root", "root"),
        Maps = s_maps,
        Caller = new CallerFacts { WorkingDirectory = "/home/u", AvailableCapabilities = CapabilitySet.UpTo(40) },
        Seccomp = new Oci.Seccomp { DefaultAction = "SCMP_ACT_ERRNO" },
    };

    private static RunRequest Run(params string[] command) => new() { Image = "alpine", Command = command };

    [Fact]
    public void Nothing_said_gives_what_docker_gives()
    {
        Spec spec = SpecBuilder.Build(Inputs());

        Assert.Equal(["id"], spec.Process!.Args);
        Assert.Equal(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=0123456789ab", "HOME=/root"], spec.Process.Env);
        Assert.Equal("/", spec.Process.Cwd);
        Assert.Equal("0123456789ab", spec.Hostname);
        Assert.Equal("/store/merged", spec.Root!.Path);
        Assert.False(spec.Root.Readonly);
        Assert.False(spec.Process.Terminal);
        Assert.False(spec.Process.NoNewPrivileges);
        Assert.Empty(spec.Process.Rlimits);
        Assert.Null(spec.Process.OomScoreAdj);
        Assert.Equal([0u, 1u, 2u], spec.Process.User.AdditionalGids);
        Assert.Equal(s_default.Order(), spec.Process.Capabilities!.Bounding.Order());
        Assert.Equal(spec.Process.Capabilities.Bounding, spec.Process.Capabilities.Effective);
        Assert.Equal(spec.Process.Capabilities.Bounding, spec.Process.Capabilities.Permitted);
        Assert.Empty(spec.Process.Capabilities.Inheritable);
        Assert.Empty(spec.Process.Capabilities.Ambient);
        Assert.Equal(["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm"], spec.Mounts.Select(m => m.Destination));
        Assert.Equal(["user", "mount", "pid", "ipc", "uts", "network", "cgroup"], spec.Linux!.Namespaces.Select(n => n.Type));
        Assert.Equal([new(0, 1000, 1), new(1, 100000, 65536)], spec.Linux.UidMappings);
        Assert.Equal([new(0, 1000, 1), new(1, 200000, 65536)], spec.Linux.GidMappings);
        Assert.Contains("/proc/kcore", spec.Linux.MaskedPaths);
        Assert.Equal(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"], spec.Linux.ReadonlyPaths);
        Assert.Equal("SCMP_ACT_ERRNO", spec.Linux.Seccomp!.DefaultAction);
    }

    [Theory]
    [InlineData("", "", "", "sh", "sh")]
    [InlineData("", "", "x", "sh", "x")]
    [InlineData("ep -a", "", "x", "", "ep -a x")]
    [InlineData("ep", "", "", "cmd", "ep cmd")]
    [InlineData("ep", "conf c", "", "cmd", "conf c")]
    [InlineData("ep", "conf c", "x y", "cmd", "x y")]
    public void The_command_comes_from_argv_then_config_then_image(string entrypoint, string config, string argv, string cmd, string expected)
    {
        SpecInputs inputs = Inputs(Run(Words(argv))) with
        {
            Image = new ImageDefaults { Entrypoint = Words(entrypoint), Cmd = Words(cmd) },
            Config = config.Length == 0 ? null : new Spec { Process = new Process { Args = Words(config) } },
        };

        Assert.Equal(expected, string.Join(' ', SpecBuilder.Build(inputs).Process!.Args));
    }

    [Fact]
    public void An_entrypoint_on_the_command_line_replaces_the_images_and_its_command()
    {
        ImageDefaults image = new() { Entrypoint = ["ep"], Cmd = ["cmd"] };

        Assert.Equal(["e", "x"], SpecBuilder.Build(Inputs(Run("x") with { Entrypoint = "e" }) with { Image = image }).Process!.Args);
        Assert.Equal(["e"], SpecBuilder.Build(Inputs(Run() with { Entrypoint = "e" }) with { Image = image }).Process!.Args);
        Assert.Equal(["x"], SpecBuilder.Build(Inputs(Run("x") with { Entrypoint = "" }) with { Image = image }).Process!.Args);
        Assert.Throws<CsrunException>(() => SpecBuilder.Build(Inputs(Run() with { Entrypoint = "" }) with { Image = image }));
    }

    [Fact]
    public void No_command_is_refused_with_advice()
    {
        CsrunException none = Assert.Throws<CsrunException>(() => SpecBuilder.Build(Inputs(Run())));
        Assert.Equal((125, "csrun run alpine sh"), (none.ExitCode, none.Fix));
        CsrunException rootfs = Assert.Throws<CsrunException>(() => SpecBuilder.Build(Inputs(new RunRequest { RootfsDir = "./r" })));
        Assert.Equal("csrun run --rootfs \"./r\" /bin/sh", rootfs.Fix);
        Assert.Equal(127, Assert.Throws<CsrunException>(() => SpecBuilder.Build(Inputs(Run("")))).ExitCode);
    }

    [Fact]
    public void Variables_come_from_image_then_config_then_argv_each_name_once()
    {
        SpecInputs inputs = Inputs(Run("x") with { Tty = true, Env = ["B=argv", "GONE", "HOSTNAME=h", "N=1", "N=2"] }) with
        {
            Image = new ImageDefaults { Env = ["PATH=/image", "A=image", "B=image", "GONE=image"] },
            Config = new Spec { Process = new Process { Env = ["A=config", "C=config"] } },
            Caller = Inputs().Caller with { Term = "screen" },
        };

        Assert.Equal(["PATH=/image", "HOSTNAME=h", "TERM=screen", "A=config", "B=argv", "C=config", "N=2", "HOME=/root"], SpecBuilder.Build(inputs).Process!.Env);
    }

    [Theory]
    [InlineData(false, "screen", null)]
    [InlineData(true, "screen", "TERM=screen")]
    [InlineData(true, null, "TERM=xterm")]
    [InlineData(true, "", "TERM=xterm")]
    public void Term_is_there_with_a_terminal_only(bool tty, string? term, string? expected)
    {
        Spec spec = SpecBuilder.Build(Inputs(Run("x") with { Tty = tty }) with { Caller = Inputs().Caller with { Term = term } });

        Assert.Equal(expected, spec.Process!.Env.SingleOrDefault(e => e.StartsWith("TERM=", StringComparison.Ordinal)));
        Assert.Equal(tty, spec.Process.Terminal);
    }

    [Fact]
    public void Home_and_path_may_be_given_or_taken_away()
    {
        Assert.Contains("HOME=/x", SpecBuilder.Build(Inputs(Run("x") with { Env = ["HOME=/x"] })).Process!.Env);
        Assert.DoesNotContain(SpecBuilder.Build(Inputs(Run("x") with { Env = ["PATH"] })).Process!.Env, e => e.StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_user_who_is_not_root_has_no_capability_in_force()
    {
        Spec spec = SpecBuilder.Build(Inputs() with { User = new ResolvedUser(1000, 1000, [1000], "/", null) });

        Assert.Equal(14, spec.Process!.Capabilities!.Bounding.Count);
        Assert.Empty(spec.Process.Capabilities.Effective);
        Assert.Empty(spec.Process.Capabilities.Permitted);
        Assert.Equal((1000u, 1000u), (spec.Process.User.Uid, spec.Process.User.Gid));
    }

    [Fact]
    public void Capabilities_are_added_and_dropped()
    {
        Capabilities none = SpecBuilder.Build(Inputs(Run("x") with { CapDrop = ["ALL"] })).Process!.Capabilities!;
        Assert.Empty(none.Bounding);
        Assert.Empty(none.Effective);
        Assert.Equal(["CAP_SYS_PTRACE"], SpecBuilder.Build(Inputs(Run("x") with { CapDrop = ["all"], CapAdd = ["sys_ptrace"] })).Process!.Capabilities!.Effective);
        Assert.Equal(41, SpecBuilder.Build(Inputs(Run("x") with { CapAdd = ["ALL"] })).Process!.Capabilities!.Bounding.Count);
        Assert.Throws<CsrunException>(() => SpecBuilder.Build(Inputs(Run("x") with { CapAdd = ["SYS_NOTHING"] })));
    }

    [Fact]
    public void In_the_hosts_user_namespace_device_nodes_have_to_be_asked_for()
    {
        Assert.Equal(s_default.Except(["CAP_MKNOD"]).Order(), SpecBuilder.Build(Inputs(Run("x")) with { Maps = null }).Process!.Capabilities!.Bounding.Order());
        Assert.Contains("CAP_MKNOD", SpecBuilder.Build(Inputs(Run("x") with { CapAdd = ["MKNOD"] }) with { Maps = null }).Process!.Capabilities!.Effective);
    }

    [Fact]
    public void A_config_keeps_its_capabilities_unless_argv_changes_them()
    {
        Spec config = new() { Process = new Process { Args = ["x"], Capabilities = new Capabilities { Bounding = ["CAP_KILL"], Effective = ["CAP_KILL"] } } };

        Assert.Equal(config.Process.Capabilities, SpecBuilder.Build(Inputs(Run("x")) with { Config = config }).Process!.Capabilities);
        Assert.Equal(["CAP_CHOWN", "CAP_KILL"], SpecBuilder.Build(Inputs(Run("x") with { CapAdd = ["CHOWN"] }) with { Config = config }).Process!.Capabilities!.Permitted);
    }

    [Fact]
    public void The_wanted_user_comes_from_argv_then_config_then_image()
    {
        ImageDefaults image = new() { User = "daemon" };
        Spec config = new() { Process = new Process { User = new User { Uid = 7, Gid = 8, AdditionalGids = [9], Umask = 63 } } };

        Assert.Equal("bin", SpecBuilder.WantedUser(Run() with { User = "bin" }, config, image));
        Assert.Equal("7:8", SpecBuilder.WantedUser(Run(), config, image));
        Assert.Equal("daemon", SpecBuilder.WantedUser(Run(), null, image));
        Assert.Null(SpecBuilder.WantedUser(Run(), null, ImageDefaults.None));

        SpecInputs inputs = Inputs(Run("x")) with { Config = config, User = new ResolvedUser(7, 8, [8, 20], "/", null) };
        Assert.Equal(config.Process.User, SpecBuilder.Build(inputs).Process!.User);
        Assert.Equal([9u, 8u, 20u], SpecBuilder.Build(inputs with { Request = Run("x") with { GroupAdd = ["20"] } }).Process!.User.AdditionalGids);
        Spec other = SpecBuilder.Build(inputs with { Request = Run("x") with { User = "bin" }, User = new ResolvedUser(1, 1, [1, 2], "/bin", "bin") });
        Assert.Equal((1u, 63u), (other.Process!.User.Uid, other.Process.User.Umask));
        Assert.Equal([1u, 2u], other.Process.User.AdditionalGids);
    }

    [Fact]
    public void The_image_may_be_named_by_the_config()
    {
        Spec config = new() { Annotations = new Dictionary<string, string> { ["org.csrun.image"] = "alpine:3.16" } };

        Assert.Equal("alpine:3.16", SpecBuilder.ImageName(new RunRequest { ConfigFile = "c.json" }, config));
        Assert.Equal("busybox", SpecBuilder.ImageName(new RunRequest { ConfigFile = "c.json", Image = "busybox" }, config));
        Assert.Null(SpecBuilder.ImageName(new RunRequest { RootfsDir = "/r" }, config));
        CsrunException none = Assert.Throws<CsrunException>(() => SpecBuilder.ImageName(new RunRequest { ConfigFile = "c.json" }, new Spec()));
        Assert.Contains("org.csrun.image", none.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Argv_wins_over_config()
    {
        Spec config = new()
        {
            OciVersion = "1.0.2",
            Hostname = "conf",
            Root = new Root { Path = "rootfs" },
            Process = new Process
            {
                Args = ["x"],
                Cwd = "/conf",
                Terminal = true,
                NoNewPrivileges = true,
                Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 1, Hard = 1 }, new Rlimit { Type = "RLIMIT_CORE", Soft = 2, Hard = 2 }],
                OomScoreAdj = 100,
            },
            Annotations = new Dictionary<string, string> { ["a"] = "1", ["b"] = "1" },
        };
        Spec kept = SpecBuilder.Build(Inputs(Run()) with { Config = config, Image = new ImageDefaults { Workdir = "/image" } });
        Assert.Equal(("1.0.2", "conf", "/conf", true, true, 100), (kept.OciVersion, kept.Hostname, kept.Process!.Cwd, kept.Process.Terminal, kept.Process.NoNewPrivileges, kept.Process.OomScoreAdj));
        Assert.Equal("/store/merged", kept.Root!.Path);
        Assert.Contains("HOSTNAME=conf", kept.Process.Env);

        RunRequest argv = Run() with
        {
            Hostname = "argv",
            Workdir = "/argv",
            ReadOnly = true,
            Ulimits = [UlimitSpec.Parse("nofile=5:6")],
            Annotations = [new("b", "2")],
            Security = SecurityOpts.Parse(["no-new-privileges:false"]),
        };
        Spec changed = SpecBuilder.Build(Inputs(argv) with { Config = config });
        Assert.Equal(("argv", "/argv", false, true), (changed.Hostname, changed.Process!.Cwd, changed.Process.NoNewPrivileges, changed.Root!.Readonly));
        Assert.Equal([("RLIMIT_CORE", 2ul), ("RLIMIT_NOFILE", 5ul)], changed.Process.Rlimits.Select(l => (l.Type, l.Soft)));
        Assert.Equal("1 2", $"{changed.Annotations["a"]} {changed.Annotations["b"]}");
        Assert.Equal("/image", SpecBuilder.Build(Inputs(Run("x")) with { Image = new ImageDefaults { Workdir = "/image" } }).Process!.Cwd);
    }

    [Fact]
    public void The_network_decides_namespace_and_host_name()
    {
        CallerFacts caller = Inputs().Caller with { HostName = "laptop" };
        Spec host = SpecBuilder.Build(Inputs(Run("x") with { Network = NetworkMode.Host }) with { Caller = caller });
        Assert.Equal("laptop", host.Hostname);
        Assert.DoesNotContain(host.Linux!.Namespaces, n => n.Type == "network");

        Spec config = new() { Linux = new LinuxConfig { Namespaces = [new() { Type = "mount" }, new() { Type = "network", Path = "/run/netns/x" }] } };
        Spec kept = SpecBuilder.Build(Inputs(Run("x")) with { Config = config });
        Assert.Equal("/run/netns/x", kept.Linux!.Namespaces.Single(n => n.Type == "network").Path);
        Spec none = SpecBuilder.Build(Inputs(Run("x") with { Network = NetworkMode.None }) with { Config = config });
        Assert.Null(none.Linux!.Namespaces.Single(n => n.Type == "network").Path);
        Assert.DoesNotContain(SpecBuilder.Build(Inputs(Run("x") with { Network = NetworkMode.Host }) with { Config = config }).Linux!.Namespaces, n => n.Type == "network");
    }

    [Fact]
    public void The_maps_decide_the_user_namespace()
    {
        Assert.DoesNotContain(SpecBuilder.Build(Inputs() with { Maps = null }).Linux!.Namespaces, n => n.Type == "user");
        Spec config = new()
        {
            Linux = new LinuxConfig { Namespaces = [new() { Type = "user" }, new() { Type = "mount" }], UidMappings = [new(0, 100000, 10)], GidMappings = [new(0, 200000, 10)] },
        };
        IdMapPair configured = SpecBuilder.ConfiguredMaps(config)!;
        Assert.Equal(("0:100000:10", "0:200000:10"), (configured.Uid.ToString(), configured.Gid.ToString()));
        Assert.Equal([new(0, 100000, 10)], SpecBuilder.Build(Inputs(Run("x")) with { Config = config, Maps = configured }).Linux!.UidMappings);
        Assert.Null(SpecBuilder.ConfiguredMaps(null));
        Assert.Null(SpecBuilder.ConfiguredMaps(new Spec { Linux = new LinuxConfig { Namespaces = [new() { Type = "mount" }] } }));
        Spec bare = SpecBuilder.Build(Inputs(Run("x") with { Userns = "host" }) with { Config = config, Maps = null });
        Assert.Equal(["mount"], bare.Linux!.Namespaces.Select(n => n.Type));
        Assert.Empty(bare.Linux.UidMappings);

        Spec joins = new() { Linux = new LinuxConfig { Namespaces = [new() { Type = "user", Path = "/proc/1/ns/user" }] } };
        Assert.Null(SpecBuilder.ConfiguredMaps(joins));
        Assert.Equal("/proc/1/ns/user", SpecBuilder.Build(Inputs(Run("x")) with { Config = joins, Maps = null }).Linux!.Namespaces[0].Path);
    }

    [Fact]
    public void Masks_are_lifted_and_added()
    {
        static LinuxConfig Of(params string[] options) => SpecBuilder.Build(Inputs(Run("x") with { Security = SecurityOpts.Parse(options) }) with { Caller = Inputs().Caller with { ThermalThrottle = ["/sys/devices/system/cpu/cpu0/thermal_throttle"] } }).Linux!;

        Assert.Contains("/sys/devices/system/cpu/cpu0/thermal_throttle", Of().MaskedPaths);
        Assert.Empty(Of("unmask=ALL").MaskedPaths);
        Assert.Empty(Of("unmask=ALL").ReadonlyPaths);
        Assert.DoesNotContain("/proc/kcore", Of("unmask=/proc/kcore").MaskedPaths);
        Assert.Contains("/proc/keys", Of("unmask=/proc/kcore").MaskedPaths);
        Assert.DoesNotContain(Of("unmask=/proc").MaskedPaths, p => p.StartsWith("/proc", StringComparison.Ordinal));
        Assert.Contains("/sys/firmware", Of("unmask=/proc").MaskedPaths);
        Assert.Contains("/proc/kcore", Of("unmask=/proc/kc").MaskedPaths);
        Assert.Contains("/etc/x", Of("mask=/etc/x").MaskedPaths);
        Assert.Equal(["/etc/x"], Of("unmask=ALL", "mask=/etc/x").MaskedPaths);
    }

    [Fact]
    public void The_filter_comes_from_argv_then_config_then_default()
    {
        Spec config = new() { Linux = new LinuxConfig { Seccomp = new Oci.Seccomp { DefaultAction = "SCMP_ACT_LOG" } } };

        Assert.Equal("SCMP_ACT_LOG", SpecBuilder.Build(Inputs() with { Config = config }).Linux!.Seccomp!.DefaultAction);
        Assert.Equal("SCMP_ACT_ERRNO", SpecBuilder.Build(Inputs(Run("x") with { Security = SecurityOpts.Parse(["seccomp=/p"]) }) with { Config = config }).Linux!.Seccomp!.DefaultAction);
        Assert.Null(SpecBuilder.Build(Inputs(Run("x") with { Security = SecurityOpts.Parse(["seccomp=unconfined"]) }) with { Config = config }).Linux!.Seccomp);
    }

    private static string[] Words(string text) => text.Length == 0 ? [] : text.Split(' ');
}
