using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>What a configuration can ask for: each thing is done, or refused by its name before anything is touched.</summary>
public sealed class ConfigFeatureTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds)]
    public void What_csrun_cannot_do_is_refused_by_name_all_at_once_and_nothing_is_touched()
    {
        string marker = Path.Combine(Sandbox.Directory(Identity.User), "hook-ran");
        string file = Config(Identity.User, "{}", json =>
        {
            json["hooks"] = new JsonObject { ["prestart"] = new JsonArray(new JsonObject { ["path"] = "/bin/touch", ["args"] = new JsonArray("touch", marker) }) };
            json["process"]!["apparmorProfile"] = "docker-default";
            json["process"]!["selinuxLabel"] = "system_u:system_r:container_t:s0";
            json["linux"]!["intelRdt"] = new JsonObject { ["closID"] = "guaranteed" };
            json["linux"]!["mountLabel"] = "system_u:object_r:container_file_t:s0";
            json["linux"]!["namespaces"]![2]!["path"] = "/proc/1/ns/pid";
            json["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/copy", ["type"] = "tmpfs", ["source"] = "tmpfs", ["options"] = new JsonArray("tmpcopyup") });
        });
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        RunResult result = Run("--config", file, Host.AnyImage, "id").Refused(
            125, "$.hooks.prestart", "$.process.apparmorProfile", "$.process.selinuxLabel", "$.linux.intelRdt",
            "$.linux.mountLabel", "$.linux.namespaces[2].path", "$.mounts[6].options[0]", "tmpcopyup");
        Assert.Empty(result.Output);
        leftovers.AssertNone();
        Assert.False(File.Exists(marker));
    }

    [UserFact(Needs = Need.SubIds)]
    public void What_the_command_line_replaces_is_not_refused()
    {
        string file = Config(Identity.User, """{"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/run/listener.sock", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}}""", json =>
            json["linux"]!["namespaces"]![5]!["path"] = "/proc/1/ns/net");
        Run("--config", file, "--network", "none", "--security-opt", "seccomp=unconfined", Host.AnyImage, "grep", "Seccomp:", "/proc/self/status").Printed("Seccomp:\t0");
    }

    [UserFact(Needs = Need.SubIds)]
    public void Runcs_denial_of_all_devices_holds_in_a_user_namespace_without_a_cgroup() =>
        Run("--config", Config(Identity.User, """{"resources": {"devices": [{"allow": false, "access": "rwm"}]}}"""), Host.AnyImage, "true").Succeeded();

    [UserFact(Needs = Need.SubIds)]
    public void Kernel_parameters_of_the_containers_namespaces_are_set() =>
        Run("--config", Config(Identity.User, """{"sysctl": {"net.ipv4.ip_forward": "1", "kernel.msgmax": "4096"}}"""), Host.AnyImage, "cat", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/msgmax")
            .Printed("1\n4096");

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("private")]
    [InlineData("keep-id")]
    public void The_out_of_memory_score_is_set_whatever_the_user_namespace(string userns) =>
        Run("--config", Config(Identity.User, "{}", json => json["process"]!["oomScoreAdj"] = 321), "--userns", userns, Host.AnyImage, "cat", "/proc/self/oom_score_adj").Printed("321");

    [UserFact(Needs = Need.SubIds)]
    public void Limits_are_set() =>
        Run("--config", Config(Identity.User, "{}", json => json["process"]!["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_FSIZE", ["soft"] = 1048576, ["hard"] = 2097152 })), Host.AnyImage, "sh", "-c", "grep 'Max file size' /proc/self/limits | awk '{print $4, $5}'")
            .Printed("1048576 2097152");

    [UserFact(Needs = Need.SubIds)]
    public void Clocks_are_offset()
    {
        string host = File.ReadAllText("/proc/uptime").Split('.')[0];
        RunResult result = Run("--config", Config(Identity.User, """{"timeOffsets": {"monotonic": {"secs": 86400}, "boottime": {"secs": 604800}}}"""), Host.AnyImage, "cat", "/proc/uptime").Succeeded();
        Assert.InRange(long.Parse(result.Output.Split('.')[0]) - long.Parse(host), 604800, 604860);
    }

    [UserFact(Needs = Need.SubIds)]
    public void The_execution_domain_is_set() =>
        Run("--config", Config(Identity.User, """{"personality": {"domain": "LINUX32"}}"""), Host.AnyImage, "cat", "/proc/self/personality").Printed("00000008");

    [UserFact(Needs = Need.SubIds)]
    public void The_domain_name_is_set() =>
        Run("--config", Config(Identity.User, "{}", json => json["domainname"] = "example.test"), Host.AnyImage, "cat", "/proc/sys/kernel/domainname").Printed("example.test");

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("rshared", "shared:")]
    [InlineData("runbindable", "unbindable")]
    [InlineData("private", "-")]
    public void The_roots_propagation_is_set(string propagation, string field)
    {
        string file = Config(Identity.User, $$"""{"rootfsPropagation": "{{propagation}}"}""");
        RunResult result = Run("--config", file, Host.AnyImage, "sh", "-c", "awk '$5 == \"/\" {print $7}' /proc/self/mountinfo").Succeeded();
        Assert.StartsWith(field, result.Output, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_device_of_the_host_is_bound_for_an_ordinary_user() =>
        Run("--config", Config(Identity.User, """{"devices": [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}]}"""), Host.AnyImage, "stat", "-c", "%t:%T", "/dev/fuse").Printed("a:e5");

    [RootFact]
    public void A_device_is_made_with_its_mode_and_owner_for_root_of_the_host()
    {
        string file = Config(Identity.Root, """{"devices": [{"path": "/dev/deep/er/my null", "type": "c", "major": 1, "minor": 3, "fileMode": 384, "uid": 35, "gid": 36}, {"path": "/dev/fifo", "type": "p"}]}""");
        RunAs(Identity.Root, "--config", file, "--userns", "host", Host.AnyImage, "stat", "-c", "%t:%T %a %u:%g %F", "/dev/deep/er/my null", "/dev/fifo")
            .Printed("1:3 600 35:36 character special file\n0:0 666 0:0 fifo");
    }

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("/etc/null", "is not below /dev")]
    [InlineData("/dev/../etc/null", "\"..\" component")]
    public void A_device_elsewhere_is_refused(string path, string problem) =>
        Run("--config", Config(Identity.User, $$"""{"devices": [{"path": "{{path}}", "type": "c", "major": 1, "minor": 3}]}"""), Host.AnyImage, "true").Refused(125, "$.linux.devices[0].path", problem);

    [UserFact(Needs = Need.SubIds)]
    public void Masked_paths_of_the_image_are_covered_and_those_that_are_not_there_are_no_failure() =>
        Run("--config", Config(Identity.User, """{"maskedPaths": ["/proc/keys", "/etc/passwd", "/usr/share", "/usr/lib", "/not/there"], "readonlyPaths": ["/proc/sys", "/var", "/nor/there"]}"""), Host.AnyImage, "sh", "-c", "cat /etc/passwd /proc/keys; ls /usr/share /usr/lib; echo x > /var/new; echo x > /usr/share/new; echo y > /root/new; cat /root/new; grep -c /not/there /proc/mounts; true")
            .Printed("/usr/lib:\n\n/usr/share:\ny\n0");

    [RootTheory]
    [InlineData("idmap", "")]
    [InlineData("idmap", "mappings")]
    [InlineData("idmap=uids=0-500000-65536;gids=0-500000-65536", "")]
    public void Root_maps_a_volume_so_that_what_is_0_on_disk_is_0_inside(string option, string mappings)
    {
        string volume = Volume(Identity.Root);
        string file = Config(Identity.Root, """{"uidMappings": [{"containerID": 0, "hostID": 500000, "size": 65536}], "gidMappings": [{"containerID": 0, "hostID": 500000, "size": 65536}]}""", json => AddVolume(json, volume, option, mappings.Length != 0));
        RunResult result = RunAs(Identity.Root, "--config", file, Host.AnyImage, "sh", "-c", "stat -c %u:%g /volume/root /volume/thirtyfive /plain/root; echo x > /volume/new; chown 7:8 /volume/new");
        result.Printed("0:0\n35:36\n65534:65534");
        Assert.Equal("7:8", Tool.Check("stat", "-c", "%u:%g", Path.Combine(volume, "new")).Trim());
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_volume_of_a_configuration_that_nobody_may_map_is_refused_and_its_twin_without_a_map_is_not()
    {
        string volume = Volume(Identity.User);
        string file = Config(Identity.User, "{}", json => AddVolume(json, volume, "idmap", mappings: true));
        Dictionary<string, string?> nobody = new() { ["CSRUN_BROKER"] = "/nowhere/broker.sock", ["PATH"] = Sandbox.MapToolsOnly() };
        Sandbox.Csrun(Identity.User, ["run", "--config", file, Host.AnyImage, "cat", "/volume/root"], null, nobody).Refused(125, "/volume", volume, "only root", "/nowhere/broker.sock");
        string plain = Config(Identity.User, "{}", json => json["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/plain", ["type"] = "bind", ["source"] = volume, ["options"] = new JsonArray("rbind") }));
        Sandbox.Csrun(Identity.User, ["run", "--config", plain, Host.AnyImage, "cat", "/plain/root"], null, nobody).Printed("root");
    }

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("ro,rnosuid")]
    [InlineData("nosuid,nodev,noexec")]
    public void Options_of_a_bind_are_set(string options) => AssertOptions(Identity.User, options);

    [RootTheory]
    [InlineData("ro,noatime")]
    [InlineData("strictatime,nosymfollow")]
    public void Access_times_of_a_bind_are_set_by_root(string options) => AssertOptions(Identity.Root, options);

    [UserFact(Needs = Need.SubIds)]
    public void Access_times_of_a_bind_are_the_hosts_for_an_ordinary_user() =>
        Run("--config", Bind(Identity.User, "noatime"), Host.AnyImage, "true").Refused(125, "access times", "noatime");

    private void AssertOptions(Identity identity, string options)
    {
        string[] userns = identity == Identity.Root ? ["--userns", "host"] : [];
        string flags = RunAs(identity, ["--config", Bind(identity, options), .. userns, Host.AnyImage, "sh", "-c", "awk '$5 == \"/volume\" {print $6}' /proc/self/mountinfo"]).Succeeded().Output;
        Assert.All(options.Split(','), option => Assert.Contains(option == "rnosuid" ? "nosuid" : option, option == "strictatime" ? [option] : flags.Split(',')));
        Assert.True(options.Contains("strictatime", StringComparison.Ordinal) != flags.Contains("relatime", StringComparison.Ordinal) || options.Contains("noatime", StringComparison.Ordinal), flags);
    }

    private string Bind(Identity identity, string options)
    {
        string volume = Sandbox.Directory(identity);
        return Config(identity, "{}", json => json["mounts"]!.AsArray().Add(new JsonObject
        {
            ["destination"] = "/volume", ["type"] = "bind", ["source"] = volume, ["options"] = new JsonArray([.. options.Split(',').Append("rbind").Select(o => (JsonNode)o)]),
        }));
    }

    private string Volume(Identity owner)
    {
        string volume = Sandbox.Directory(owner);
        File.WriteAllText(Path.Combine(volume, "root"), "root\n");
        File.WriteAllText(Path.Combine(volume, "thirtyfive"), "35\n");
        if (owner == Identity.Root)
        {
            Tool.Check("chown", "35:36", Path.Combine(volume, "thirtyfive"));
        }

        return volume;
    }

    private static void AddVolume(JsonObject json, string volume, string option, bool mappings)
    {
        JsonObject mount = new() { ["destination"] = "/volume", ["type"] = "bind", ["source"] = volume, ["options"] = new JsonArray("rbind", option) };
        if (mappings)
        {
            mount["uidMappings"] = json["linux"]!["uidMappings"]!.DeepClone();
            mount["gidMappings"] = json["linux"]!["gidMappings"]!.DeepClone();
        }

        json["mounts"]!.AsArray().Add(mount);
        // The same source once more, plain: only the mount that asks is mapped.
        json["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/plain", ["type"] = "bind", ["source"] = volume, ["options"] = new JsonArray("rbind") });
    }

    private string Config(Identity identity, string linux, Action<JsonObject>? change = null) => ConfigFile.Write(Sandbox, identity, linux, change);
}
