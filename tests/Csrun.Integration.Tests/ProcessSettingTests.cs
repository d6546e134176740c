using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>What a bundle says of its process and clocks, seen by the container's first process and by a further one.</summary>
public sealed class ProcessSettingTests(Sandbox sandbox) : IntegrationTest(sandbox), IDisposable
{
    private readonly List<(Identity Identity, string Id)> _made = [];

    [UserFact]
    public void Clocks_execution_domain_umask_score_and_limits_hold_for_a_further_process_too()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            JsonObject linux = config["linux"]!.AsObject();
            linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "time" });
            linux["timeOffsets"] = JsonNode.Parse("""{"monotonic": {"secs": 777}, "boottime": {"secs": 888, "nanosecs": 5}}""");
            linux["personality"] = new JsonObject { ["domain"] = "LINUX32" };
            JsonObject process = config["process"]!.AsObject();
            process["user"]!["umask"] = 23; // 027
            process["oomScoreAdj"] = 500;
            process["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 100, ["hard"] = 200 });
        });
        Start(Identity.User, bundle, "settings");
        string status = File.ReadAllText($"/proc/{Pid(Identity.User, "settings")}/status");
        Assert.Contains("Umask:\t0027", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.User, "exec", "settings", "sh", "-c", "awk '{print $2, $3}' /proc/self/timens_offsets; cat /proc/self/personality; umask; cat /proc/self/oom_score_adj; ulimit -n; ulimit -Hn")
            .Printed("777 0\n888 5\n00000008\n0027\n500\n100\n200");
    }

    /// <summary>Descriptors that wait under high numbers are put there before the limit would forbid it.</summary>
    [UserFact]
    public void A_low_limit_of_open_files_leaves_room_for_descriptors_that_are_handed_over()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 20, ["hard"] = 30 });
            config["process"]!["args"] = new JsonArray("sh", "-c", "cat <&4; exec sleep 1000");
            config["hooks"] = JsonNode.Parse("""{"startContainer": [{"path": "/bin/true"}]}""");
        });
        _made.Add((Identity.User, "few"));
        Sandbox.Shell(Identity.User, $"echo handed > {bundle}/four; exec 3</dev/null 4<{bundle}/four; $CSRUN create --preserve-fds 2 -b {bundle} few </dev/null >{bundle}/out 2>&1 && $CSRUN start few; sleep 0.3; cat {bundle}/out").Printed("handed");
        Sandbox.Shell(Identity.User, $"exec 3<{bundle}/four; $CSRUN exec --preserve-fds 1 few sh -c 'cat <&3; ulimit -n; ulimit -Hn'").Printed("handed\n20\n30");
    }

    /// <summary>runtime-spec config.md: a capability that cannot be mapped to the kernel's is a warning, and no failure.</summary>
    [UserFact]
    public void A_capability_of_a_newer_kernel_is_left_out_with_a_warning()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            foreach (string set in (string[])["bounding", "effective", "permitted"])
            {
                config["process"]!["capabilities"]![set] = new JsonArray("CAP_KILL", "CAP_TOMORROW");
            }

            config["process"]!["argz"] = new JsonArray();
        });
        string log = Path.Combine(bundle, "log");
        _made.Add((Identity.User, "newer"));
        RunResult logged = Sandbox.Shell(Identity.User, $"$CSRUN --log {log} --log-format json create -b {bundle} newer </dev/null >{bundle}/out 2>&1; cat {bundle}/out");
        logged.Printed("");
        string[] lines = File.ReadAllLines(log);
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Equal("warning", JsonDocument.Parse(line).RootElement.GetProperty("level").GetString()));
        Assert.Contains("$.process.capabilities.bounding[1]", string.Concat(lines), StringComparison.Ordinal);
        Assert.Contains("$.process.argz", string.Concat(lines), StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000020", File.ReadAllText($"/proc/{Pid(Identity.User, "newer")}/status"), StringComparison.Ordinal);
        Sandbox.Csrun(Identity.User, "delete", "-f", "newer").Succeeded();
        Assert.Contains("csrun: note: $.process.capabilities.permitted[1]", Sandbox.Shell(Identity.User, $"$CSRUN create -b {bundle} newer </dev/null >{bundle}/out 2>&1; cat {bundle}/out").Succeeded().Output, StringComparison.Ordinal);
    }

    [UserTheory]
    [InlineData("""{"monotonic": {"secs": -99999999}}""", "ERANGE", "a clock cannot be set below 0")]
    [InlineData("""{"monotonic": {"secs": 1, "nanosecs": 1000000000}}""", "$.linux.timeOffsets.monotonic.nanosecs", "below 1000000000")]
    public void A_clock_that_cannot_be_is_refused(string offsets, string what, string why)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "time" });
            config["linux"]!["timeOffsets"] = JsonNode.Parse(offsets);
        });
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "clock").Refused(125, what, why);
    }

    /// <summary>As in runc: the names belong to the namespace, whoever made it.</summary>
    [RootFact]
    public void Names_are_set_in_a_uts_namespace_that_is_entered()
    {
        Start(Identity.Root, Bundles.Make(Sandbox, Identity.Root), "pod");
        string path = $"/proc/{Pid(Identity.Root, "pod")}/ns/uts";
        string second = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            config["hostname"] = "renamed";
            config["domainname"] = "example.test";
            config["linux"]!["namespaces"]!.AsArray().First(n => (string)n!["type"]! == "uts")!["path"] = path;
        });
        Start(Identity.Root, second, "member");
        Sandbox.Csrun(Identity.Root, "exec", "member", "cat", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname").Printed("renamed\nexample.test");
        Sandbox.Csrun(Identity.Root, "exec", "pod", "hostname").Printed("renamed");
    }

    [UserFact]
    public void A_further_processs_terminal_has_the_size_that_the_engine_says()
    {
        Start(Identity.User, Bundles.Make(Sandbox, Identity.User), "sized");
        string file = Path.Combine(Sandbox.Directory(Identity.User, "process"), "process.json");
        JsonObject process = JsonNode.Parse("""{"terminal": true, "consoleSize": {"height": 11, "width": 44}, "user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin:/usr/bin"], "args": ["stty", "size"]}""")!.AsObject();
        File.WriteAllText(file, process.ToJsonString());
        Sandbox.Csrun(Identity.User, "exec", "--process", file, "sized").Printed("11 44\r");
        process["consoleSize"]!["width"] = 70000;
        File.WriteAllText(file, process.ToJsonString());
        Sandbox.Csrun(Identity.User, "exec", "--process", file, "sized").Refused(125, "$.process.consoleSize.width", "from 0 to 65535");
        process["terminal"] = false;
        process["args"] = new JsonArray("echo", "ignored");
        File.WriteAllText(file, process.ToJsonString());
        Sandbox.Csrun(Identity.User, "exec", "--process", file, "sized").Printed("ignored");
    }

    [RootTheory]
    [InlineData(500000, true)]
    [InlineData(500001, false)]
    public void Mappings_beside_a_user_namespace_that_is_entered_are_its_own(int host, bool good)
    {
        static void Mapped(JsonObject config, int host, string? path)
        {
            JsonObject user = new() { ["type"] = "user" };
            if (path is not null)
            {
                user["path"] = path;
            }

            config["linux"]!["namespaces"]!.AsArray().Add(user);
            foreach (string map in (string[])["uidMappings", "gidMappings"])
            {
                config["linux"]![map] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = host, ["size"] = 65536 });
            }
        }

        Start(Identity.Root, Bundles.Make(Sandbox, Identity.Root, config => Mapped(config, 500000, null)), "mapped");
        string second = Bundles.Make(Sandbox, Identity.Root, config => Mapped(config, host, $"/proc/{Pid(Identity.Root, "mapped")}/ns/user"));
        if (good)
        {
            Start(Identity.Root, second, "joined");
            Sandbox.Csrun(Identity.Root, "exec", "joined", "sh", "-c", "head -n 1 /proc/self/uid_map | awk '{print $1, $2, $3}'").Printed("0 500000 65536");
        }
        else
        {
            Sandbox.Csrun(Identity.Root, "create", "-b", second, "joined").Refused(125, "$.linux.uidMappings[0]: 0 500001 65536", "$.linux.gidMappings[0]", "has its maps already");
        }
    }

    [UserFact]
    public void Before_the_start_only_root_joins_a_container_and_others_are_told_why()
    {
        _made.AddRange([(Identity.User, "early"), (Identity.Root, "early")]);
        foreach (Identity identity in (Identity[])[Identity.User, Identity.Root])
        {
            string bundle = Bundles.Make(Sandbox, identity);
            Sandbox.Shell(identity, $"$CSRUN create -b {bundle} early </dev/null >{bundle}/out 2>&1; cat {bundle}/out").Printed("");
        }

        Sandbox.Csrun(Identity.User, "exec", "early", "true").Refused(125, "has not been started", "csrun start early");
        Sandbox.Csrun(Identity.Root, "exec", "early", "echo", "joined").Printed("joined");
        Sandbox.Csrun(Identity.User, "start", "early").Succeeded();
        Sandbox.Csrun(Identity.User, "exec", "early", "echo", "joined").Printed("joined");
    }

    private void Start(Identity identity, string bundle, string id)
    {
        _made.Add((identity, id));
        Sandbox.Shell(identity, $"$CSRUN create -b {bundle} {id} </dev/null >{bundle}/out 2>{bundle}/err && $CSRUN start {id}; cat {bundle}/err").Printed("");
    }

    private int Pid(Identity identity, string id) => JsonDocument.Parse(Sandbox.Csrun(identity, "state", id).Succeeded().Stdout).RootElement.GetProperty("pid").GetInt32();

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach ((Identity identity, string id) in _made)
        {
            Sandbox.Csrun(identity, "delete", "--force", id);
        }
    }
}
