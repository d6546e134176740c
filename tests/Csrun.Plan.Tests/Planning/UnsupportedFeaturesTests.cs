using Csrun.Oci;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

public sealed class UnsupportedFeaturesTests
{
    private static readonly Spec s_plain = LaunchRequests.Default.Spec;

    public static TheoryData<string, string> Refused => new()
    {
        { "$.process.apparmorProfile", """{"process": {"apparmorProfile": "x"}}""" },
        { "$.process.selinuxLabel", """{"process": {"selinuxLabel": "x"}}""" },
        { "$.hooks.prestart", """{"hooks": {"prestart": [{"path": "/x"}]}}""" },
        { "$.hooks.createRuntime", """{"hooks": {"createRuntime": [{"path": "/x"}]}}""" },
        { "$.hooks.createContainer", """{"hooks": {"createContainer": [{"path": "/x"}]}}""" },
        { "$.hooks.startContainer", """{"hooks": {"startContainer": [{"path": "/x"}]}}""" },
        { "$.hooks.poststart", """{"hooks": {"poststart": [{"path": "/x"}]}}""" },
        { "$.hooks.poststop", """{"hooks": {"poststop": [{"path": "/x"}]}}""" },
        { "$.linux.intelRdt", """{"linux": {"intelRdt": {"closID": "x"}}}""" },
        { "$.linux.mountLabel", """{"linux": {"mountLabel": "x"}}""" },
        { "$.linux.namespaces", """{"linux": {"namespaces": [{"type": "pid"}]}}""" },
        { "$.linux.namespaces[1].path", """{"linux": {"namespaces": [{"type": "mount"}, {"type": "pid", "path": "/proc/1/ns/pid"}]}}""" },
        { "$.linux.devices[0].path", """{"linux": {"devices": [{"path": "/etc/x", "type": "c", "major": 1, "minor": 3}]}}""" },
        { "$.linux.devices[0]", """{"mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}], "linux": {"devices": [{"path": "/dev/x", "type": "c", "major": 1, "minor": 3}]}}""" },
        { "$.mounts[0].options[1]", """{"mounts": [{"destination": "/x", "type": "bind", "source": "/y", "options": ["rbind", "sync"]}]}""" },
        { "$.mounts[0].options[0]", """{"mounts": [{"destination": "/x", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_asked_for_and_not_done_is_named(string path, string json)
    {
        ConfigMistake mistake = Assert.Single(UnsupportedFeatures.Find(Read(json)));
        Assert.Equal(path, mistake.JsonPath);
        Assert.NotEmpty(mistake.Fix!);
    }

    [Fact]
    public void All_are_named_at_once() =>
        Assert.Equal(
            ["$.process.apparmorProfile", "$.hooks.poststop", "$.linux.mountLabel"],
            UnsupportedFeatures.Find(
                Read("""{"process": {"apparmorProfile": "x"}, "hooks": {"poststop": [{"path": "/x"}]}, "linux": {"mountLabel": "x"}}""")).Select(mistake => mistake.JsonPath));

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[\"SCHED_FLAG_RESET_ON_FORK\"]", false)]
    public void A_deadline_and_a_hook_of_the_containers_own_do_not_go_together(string flags, bool refused)
    {
        Spec spec = Read("""{"hooks": {"startContainer": [{"path": "/x"}]}, "process": {"scheduler": {"policy": "SCHED_DEADLINE", "runtime": 2000, "deadline": 2000, "flags": FLAGS}}}""".Replace("FLAGS", flags, StringComparison.Ordinal));
        Assert.Equal(refused ? ["$.process.scheduler.policy"] : [], UnsupportedFeatures.Find(spec, bundle: true).Select(mistake => mistake.JsonPath));
        Assert.Empty(UnsupportedFeatures.Find(spec with { Hooks = null }, bundle: true));
    }

    /// <summary>The kernel's modules decide: what is active is set, and the other is refused still.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Profiles_and_labels_are_taken_where_their_module_is_active(bool appArmor, bool selinux)
    {
        Spec spec = Read("""{"process": {"apparmorProfile": "x", "selinuxLabel": "y"}, "linux": {"mountLabel": "z"}}""");
        string[] refused = [.. appArmor ? [] : (string[])["$.process.apparmorProfile"], .. selinux ? [] : (string[])["$.process.selinuxLabel", "$.linux.mountLabel"]];
        Assert.Equal(refused, UnsupportedFeatures.Find(spec, modules: new SecurityModules(appArmor, selinux)).Select(mistake => mistake.JsonPath));
        Assert.Equal(refused.Where(path => path.StartsWith("$.process", StringComparison.Ordinal)), UnsupportedFeatures.Find(spec.Process!, new SecurityModules(appArmor, selinux)).Select(mistake => mistake.JsonPath));
    }

    [Theory]
    [InlineData("""{"process": {"apparmorProfile": "unconfined"}}""")]
    [InlineData("{}")]
    [InlineData("""{"hooks": {}}""")]
    [InlineData("""{"hooks": {"prestart": []}, "process": {"apparmorProfile": "", "selinuxLabel": ""}, "linux": {"cgroupsPath": "", "resources": {}}}""")]
    [InlineData("""{"linux": {"resources": {"devices": [{"allow": false, "access": "rwm"}]}}}""")]
    [InlineData("""{"linux": {"cgroupsPath": "/x", "resources": {"memory": {"limit": 1}, "unified": {"memory.high": "1"}}}}""")]
    [InlineData("""{"process": {"scheduler": {"policy": "SCHED_IDLE"}, "ioPriority": {"class": "IOPRIO_CLASS_IDLE", "priority": 1}, "execCPUAffinity": {"initial": "0"}}, "linux": {"memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0"}}}""")]
    [InlineData("""{"linux": {"personality": {"domain": "LINUX32"}, "rootfsPropagation": "slave", "sysctl": {"net.a": "1"}, "timeOffsets": {"monotonic": {"secs": 1}}}}""")]
    [InlineData("""{"mounts": [{"destination": "/x", "type": "bind", "source": "/y", "options": ["rbind", "rro", "nosuid", "rslave", "async", "silent", "idmap=uids=0-1-2;gids=0-1-2"]}]}""")]
    public void What_is_done_is_not_refused(string json) => Assert.Empty(UnsupportedFeatures.Find(Read(json)));

    [Fact]
    public void The_default_asks_for_nothing_else() => Assert.Empty(UnsupportedFeatures.Find(s_plain));

    /// <summary>The JSON, in a mount namespace unless it says otherwise.</summary>
    private static Spec Read(string json)
    {
        Spec spec = SpecReader.Read(System.Text.Encoding.UTF8.GetBytes(json), "test.json").Spec!;
        return spec.Linux is { Namespaces.Count: 0 } linux ? spec with { Linux = linux with { Namespaces = [new Namespace { Type = "mount" }] } } : spec;
    }
}
