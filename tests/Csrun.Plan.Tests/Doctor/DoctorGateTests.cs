using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Plan.Doctor;
using Csrun.Plan.Identity;
using Csrun.Plan.Tests.Identity;

namespace Csrun.Plan.Tests.Doctor;

/// <summary>Facts in, finding out.</summary>
public sealed class DoctorGateTests
{
    private static readonly ProbeOutcome s_ok = new();

    private static readonly DoctorFacts s_healthy = new()
    {
        Identity = Callers.Alice,
        KernelRelease = "6.18.44-amd64",
        Distribution = Distribution.Parse("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n"),
        Plan = IdentityPlanner.Plan(null, null, null, 0, 0, Callers.Alice),
        UserNamespace = s_ok,
        IdMap = s_ok,
        Setgroups = s_ok,
        Mount = s_ok,
        Namespaces = s_ok,
        Proc = s_ok,
        Overlay = s_ok,
        MaxUserNamespaces = "96364\n",
        SeccompMode = "0",
        Modules = new SecurityModules(AppArmor: true, Selinux: false),
        Store = new StoreFacts("/home/alice/.local/share/csrun", "/home/alice", 0xef53, null),
        Cgroup = new CgroupFacts(2, "/user.slice/user-1000.slice", "cpu memory pids", true),
        Users = [("root", 0), ("alice", 1000)],
        Bindfs = "/usr/bin/bindfs",
        Broker = new BrokerFacts("/run/csrun-broker/broker.sock", BrokerState.Running, "version 0.1.0"),
    };

    [Fact]
    public void On_a_healthy_host_every_gate_is_open()
    {
        ImmutableArray<GateFinding> findings = DoctorGates.All(s_healthy);

        Assert.Equal(DoctorGates.Names, findings.Select(f => f.Gate));
        Assert.All(findings, f => Assert.Equal((f.Gate, GateStatus.Ok), (f.Gate, f.Status)));
        Assert.All(findings, f => Assert.NotEmpty(f.Evidence));
        Assert.True(DoctorGates.Open(findings));
    }

    [Fact]
    public void What_is_not_ok_has_a_cause()
    {
        DoctorFacts broken = s_healthy with
        {
            UserNamespace = new ProbeOutcome("clone3", Errno.EPERM),
            UnprivilegedUsernsClone = "0\n",
            LibSeccomp = false,
            LibSsl = false,
            Fuse = new(false, false, ""),
            Tun = new(true, false, "mode 600"),
            Cgroup = new(1, null, null, false),
            NestingSigns = ["/.dockerenv exists"],
            InitialNamespaces = false,
            IdMap = null,
            Setgroups = null,
            Mount = null,
            Namespaces = null,
            Proc = null,
            Overlay = null,
        };
        Assert.All(DoctorGates.All(broken).Where(f => f.Status is GateStatus.Warn or GateStatus.Fail), f => Assert.False(string.IsNullOrEmpty(f.Cause), f.Gate));
        Assert.Contains(DoctorGates.All(broken), f => f is { Gate: "mount", Status: GateStatus.Skip });
    }

    [Theory]
    [InlineData(Errno.ENOSPC, "0", null, null, "0", "switched off", "sysctl user.max_user_namespaces=")]
    [InlineData(Errno.ENOSPC, "5", null, null, "0", "no further user namespace", "lsns")]
    [InlineData(Errno.EPERM, "9", "0", null, "0", "ordinary users", "kernel.unprivileged_userns_clone=1")]
    [InlineData(Errno.EPERM, "9", null, "1", "0", "AppArmor", "/etc/apparmor.d/csrun")]
    [InlineData(Errno.EPERM, "9", null, null, "2", "filter", "seccomp=unconfined")]
    [InlineData(Errno.EPERM, "9", null, null, "0", "chroot", "chroot")]
    [InlineData(Errno.EINVAL, "9", null, null, "0", "CONFIG_USER_NS", "kernel")]
    public void A_refused_user_namespace_has_its_cause(Errno errno, string max, string? clone, string? apparmor, string seccomp, string cause, string fix)
    {
        GateFinding finding = Judge("user-namespace", s_healthy with
        {
            UserNamespace = new ProbeOutcome("clone3(CLONE_NEWUSER)", errno),
            MaxUserNamespaces = max,
            UnprivilegedUsernsClone = clone,
            ApparmorRestrict = apparmor,
            SeccompMode = seccomp,
        });

        Assert.Equal(GateStatus.Fail, finding.Status);
        Assert.Contains("clone3(CLONE_NEWUSER): " + errno, finding.Evidence, StringComparison.Ordinal);
        Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
        Assert.Contains(fix, finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Ubuntus_restriction_shows_as_a_mount_that_fails_in_a_namespace_that_was_made()
    {
        DoctorFacts ubuntu = s_healthy with
        {
            ApparmorRestrict = "1\n",
            Mount = new ProbeOutcome("mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE, NULL)", Errno.EACCES, Label: "unprivileged_userns (enforce)"),
        };
        GateFinding apparmor = Judge("apparmor", ubuntu);
        Assert.Equal(GateStatus.Fail, apparmor.Status);
        Assert.Contains("unprivileged_userns", apparmor.Evidence, StringComparison.Ordinal);
        Assert.Contains("profile csrun /usr/local/bin/csrun", apparmor.Fix, StringComparison.Ordinal);
        Assert.Equal(GateStatus.Fail, Judge("mount", ubuntu).Status);
        Assert.Equal(GateStatus.Ok, Judge("user-namespace", ubuntu).Status);

        Assert.Equal(GateStatus.Ok, Judge("apparmor", ubuntu with { Mount = new ProbeOutcome(Label: "csrun (unconfined)") }).Status);
    }

    [Theory]
    [InlineData(MapToolState.Missing, GateStatus.Warn, "HELPER_MISSING")]
    [InlineData(MapToolState.NoPrivilege, GateStatus.Fail, "HELPER_NOT_PRIVILEGED")]
    [InlineData(MapToolState.NosuidMount, GateStatus.Fail, "HELPER_NOT_PRIVILEGED")]
    [InlineData(MapToolState.NoNewPrivileges, GateStatus.Fail, "HELPER_NOT_PRIVILEGED")]
    public void A_map_tool_is_judged_as_run_judges_it(MapToolState state, GateStatus status, string code)
    {
        IdentityFacts identity = Callers.Alice with { NewUidMap = new MapTool("newuidmap", state == MapToolState.Missing ? null : "/usr/bin/newuidmap", state, "what it lacks") };
        GateFinding finding = Judge("newuidmap", s_healthy with { Identity = identity });

        Assert.Equal((status, code), (finding.Status, finding.Code));
        // The same facts make csrun run refuse, or go on with one ID.
        Assert.Equal(status == GateStatus.Fail, Record.Exception(() => IdentityPlanner.Plan(null, null, null, 0, 0, identity)) is CsrunException);
    }

    [Fact]
    public void A_plan_that_a_tool_prevents_is_told_once()
    {
        IdentityFacts identity = Callers.Alice with { NewUidMap = new MapTool("newuidmap", "/usr/bin/newuidmap", MapToolState.NoPrivilege, "it is not setuid") };
        DoctorFacts facts = s_healthy with { Identity = identity, Plan = null, PlanFailure = new CsrunException("newuidmap cannot write the container's ID map"), IdMap = null };

        Assert.Equal(["newuidmap"], DoctorGates.All(facts).Where(f => f.Status == GateStatus.Fail).Select(f => f.Gate));
    }

    [Fact]
    public void Ranges_are_missing_small_unequal_or_somebody_elses()
    {
        Assert.Equal("NOSUBID", Judge("subordinate-ids", s_healthy with { Identity = Callers.Poor }).Code);
        Assert.Contains("usermod --add-subuids 165536-231071", Judge("subordinate-ids", s_healthy with { Identity = Callers.Poor }).Fix, StringComparison.Ordinal);

        SubIds small = new(Callers.Range(100000, 1000), Callers.Range(100000, 1000));
        Assert.Equal("SUBID_TOO_SMALL", Judge("subordinate-ids", s_healthy with { Identity = Callers.Alice with { SubIds = small } }).Code);

        SubIds unequal = new(Callers.Range(100000, 65536), Callers.Range(200000, 65536));
        GateFinding different = Judge("subordinate-ids", s_healthy with { Identity = Callers.Alice with { SubIds = unequal } });
        Assert.Equal(GateStatus.Warn, different.Status);
        Assert.Contains("differ", different.Cause, StringComparison.Ordinal);

        SubIds unavailable = new([], [], "sss", "libsubid is not installed");
        Assert.Equal("SUBID_NSS_UNAVAILABLE", Judge("subordinate-ids", s_healthy with { Identity = Callers.Alice with { SubIds = unavailable } }).Code);

        TakenIds bob = new([new("bob", new(150000, 65536))], [], [], []);
        GateFinding shared = Judge("subordinate-overlap", s_healthy with { Identity = Callers.Alice with { Taken = bob } });
        Assert.Equal((GateStatus.Warn, "SUBID_OVERLAP"), (shared.Status, shared.Code));
        Assert.Contains("150000-215535 of bob", shared.Evidence, StringComparison.Ordinal);

        GateFinding user = Judge("subordinate-overlap", s_healthy with { Users = [("carol", 100007)] });
        Assert.Contains("100007, which is carol", user.Evidence, StringComparison.Ordinal);
        Assert.Equal(GateStatus.Warn, user.Status);
    }

    [Fact]
    public void A_covered_proc_names_what_covers_it()
    {
        GateFinding finding = Judge("proc", s_healthy with { Proc = new ProbeOutcome("fsconfig", Errno.EPERM), ProcCovers = ["/proc/kcore", "/proc/keys"] });

        Assert.Equal(GateStatus.Fail, finding.Status);
        Assert.Contains("/proc/kcore, /proc/keys are covered", finding.Cause, StringComparison.Ordinal);
        Assert.Contains("systempaths=unconfined", finding.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x6969ul, "nfs", GateStatus.Warn)]
    [InlineData(0x01021994ul, "tmpfs", GateStatus.Warn)]
    [InlineData(0x9123683eul, "btrfs", GateStatus.Ok)]
    [InlineData(0x12345ul, "0x12345", GateStatus.Ok)]
    public void The_stores_file_system_is_named(ulong magic, string name, GateStatus status)
    {
        GateFinding finding = Judge("store-filesystem", s_healthy with { Store = s_healthy.Store with { Magic = magic } });

        Assert.Equal(status, finding.Status);
        Assert.Contains(name, finding.Evidence, StringComparison.Ordinal);
        Assert.Contains(name, Judge("overlay", s_healthy with { Store = s_healthy.Store with { Magic = magic }, Overlay = new ProbeOutcome("fsconfig", Errno.EINVAL) }).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.10.0-30-amd64", "mount_setattr (5.12)")]
    [InlineData("4.18.0-553.el8", "clone3 (5.3)")]
    public void An_old_kernel_is_refused_by_what_it_lacks(string release, string lack)
    {
        GateFinding finding = Judge("kernel", s_healthy with { KernelRelease = release });

        Assert.Equal(GateStatus.Fail, finding.Status);
        Assert.Contains(lack, finding.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID=ubuntu\nID_LIKE=debian\n", "sudo apt install uidmap")]
    [InlineData("ID=fedora\n", "sudo dnf install shadow-utils")]
    [InlineData("ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n", "sudo dnf install shadow-utils")]
    [InlineData("ID=manjaro\nID_LIKE=arch\n", "sudo pacman -S shadow")]
    [InlineData("ID=opensuse-tumbleweed\nID_LIKE=\"opensuse suse\"\n", "sudo zypper install shadow")]
    [InlineData("ID=plamo\nPRETTY_NAME='Plamo 8'\n", "install the package of Plamo 8 that has newuidmap")]
    public void Packages_have_the_distributions_own_command(string release, string command)
    {
        Assert.Equal(command, Distribution.Parse(release).Install("newuidmap"));
    }

    [Fact]
    public void A_file_that_an_image_left_is_no_outer_engine()
    {
        DoctorFacts facts = s_healthy with { NestingSigns = ["/.dockerenv exists"] };

        Assert.Equal(GateStatus.Ok, Judge("nested", facts).Status);
        Assert.Equal(GateStatus.Warn, Judge("nested", facts with { InitialNamespaces = false }).Status);
    }

    [Fact]
    public void A_refused_store_fails_with_the_words_of_run()
    {
        GateFinding finding = Judge("store", s_healthy with { Store = new StoreFacts("", "", 0, new CsrunException("what", "why", "fix")) });

        Assert.Equal(("what", "why", "fix", GateStatus.Fail), (finding.Evidence, finding.Cause, finding.Fix, finding.Status));
        Assert.Equal(GateStatus.Fail, Judge("seccomp", s_healthy with { LibSeccomp = false }).Status);
    }

    private static GateFinding Judge(string gate, DoctorFacts facts) => DoctorGates.All(facts).Single(f => f.Gate == gate);
}
