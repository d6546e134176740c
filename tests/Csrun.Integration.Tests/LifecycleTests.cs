using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>create, start, state, kill, delete, list: the runtime-spec's operations on a bundle.</summary>
public sealed class LifecycleTests(Sandbox sandbox) : IntegrationTest(sandbox), IDisposable
{
    private readonly List<(Identity Identity, string Id)> _made = [];

    [UserFact]
    public void The_whole_life_of_a_users_container() => WholeLife(Identity.User);

    [RootFact]
    public void The_whole_life_of_roots_container() => WholeLife(Identity.Root);

    [UserFact]
    public void Create_prints_nothing_and_its_streams_become_the_commands()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, Args("sh", "-c", "cat; echo err >&2"));
        _made.Add((Identity.User, "streams"));
        string script = $"echo in | $CSRUN create -b {bundle} streams >/dev/null 2>&1; echo in > {bundle}/in; $CSRUN delete streams; "
            + $"$CSRUN create -b {bundle} streams < {bundle}/in > {bundle}/out 2> {bundle}/err && cat {bundle}/out {bundle}/err && $CSRUN start streams && sleep 0.3; cat {bundle}/out {bundle}/err";
        Sandbox.Shell(Identity.User, script).Printed("in\nerr");
    }

    [UserFact]
    public void The_command_has_no_descriptor_of_csruns()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, Args("sh", "-c", "ls -l /proc/self/fd 2>/dev/null | sed 's/.*[0-9] \\([0-9]* ->\\)/\\1/'"));
        string output = Start(Identity.User, bundle, "fds", "exec 3</etc/passwd 5</etc;");
        Assert.DoesNotContain("start", output, StringComparison.Ordinal);
        Assert.DoesNotContain("socket", output, StringComparison.Ordinal);
        Assert.DoesNotContain("/etc", output, StringComparison.Ordinal);
    }

    [UserFact]
    public void Preserved_descriptors_are_the_commands_and_no_others()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, Args("sh", "-c", "cat <&3; cat <&4; test -e /proc/self/fd/5 && echo five; true"));
        string output = Start(Identity.User, bundle, "kept", "echo three > $T/3; echo four > $T/4; exec 3<$T/3 4<$T/4 5</etc/passwd;", "--preserve-fds 2");
        Assert.Equal("three\nfour\n", output);
    }

    [UserFact]
    public void Nothing_of_csrun_is_inherited_while_it_waits()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User);
        Create(Identity.User, bundle, "waits");
        string status = File.ReadAllText($"/proc/{Pid(Identity.User, "waits")}/status");
        Assert.Contains("SigBlk:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("SigIgn:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000020", status, StringComparison.Ordinal);
    }

    [UserTheory]
    [InlineData("nosuch", 127, "executable file not found in $PATH")]
    [InlineData("/nosuch", 127, "no such file or directory")]
    [InlineData("/etc/passwd", 126, "permission denied")]
    [InlineData("/etc", 126, "permission denied")]
    public void Create_looks_for_the_command(string command, int exitCode, string text)
    {
        // Only root may look into the container before its command runs.
        string bundle = Bundles.Make(Sandbox, Identity.Root, Args(command));
        RunResult result = Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "absent");
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(text, result.Stderr, StringComparison.OrdinalIgnoreCase);
        Sandbox.Csrun(Identity.Root, "list", "-q").Printed("");
    }

    [UserFact]
    public void Start_reports_a_command_that_cannot_be_executed()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, Args("/no/such/thing"));
        Create(Identity.User, bundle, "broken");
        Sandbox.Csrun(Identity.User, "start", "broken").Refused(127, "/no/such/thing");
        Assert.Equal("stopped", Status(Identity.User, "broken"));
    }

    [UserTheory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\u00e9")]
    public void An_id_is_a_name(string id) =>
        Sandbox.Csrun(Identity.User, "create", "-b", Bundles.Make(Sandbox, Identity.User), id).Refused(125, "not a container ID");

    [UserFact]
    public void An_id_is_taken_once()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User);
        Create(Identity.User, bundle, "twice");
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "twice").Refused(125, "already exists");
        Assert.Equal("created", Status(Identity.User, "twice"));
    }

    [UserFact]
    public void All_mistakes_at_once_and_nothing_left()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["cwd"] = "relative";
            config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/x", ["type"] = "bind" });
            config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "astral" });
        });
        RunResult result = Sandbox.Csrun(Identity.User, "create", "-b", bundle, "wrong");
        foreach (string path in (string[])["$.process.cwd", "$.mounts[3]", "$.linux.namespaces[6]"])
        {
            result.Refused(125, path);
        }

        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
    }

    [UserFact]
    public void A_failed_step_leaves_no_container_and_no_process()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => config["process"]!["cwd"] = "/etc/passwd");
        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
        Leftovers before = Leftovers.Before(Sandbox, Identity.User);
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "failed").Refused(126, "/etc/passwd");
        before.AssertNone("containers", "cache");
    }

    [UserFact]
    public void Create_that_is_killed_leaves_nothing_and_its_id_is_free() => KilledCreate(Identity.User);

    [RootFact]
    public void Create_of_roots_that_is_killed_leaves_nothing_either() => KilledCreate(Identity.Root);

    [UserFact]
    public void Two_starts_at_once_start_once()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User);
        Create(Identity.User, bundle, "race");
        string codes = Sandbox.Shell(Identity.User, "for i in 1 2 3 4; do ($CSRUN start race 2>/dev/null; echo $?) & done; wait").Succeeded().Output;
        Assert.Equal(["0", "125", "125", "125"], codes.Split('\n').Order());
    }

    [UserFact]
    public void A_tmpfs_over_an_empty_directory_has_its_mode()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args("sh", "-c", "stat -c %a /tmp; ls -A /tmp")(config);
            config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/tmp", ["type"] = "tmpfs", ["options"] = new JsonArray("tmpcopyup", "nosuid") });
        });
        string directory = Path.Combine(bundle, "rootfs", "tmp");
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ed | UnixFileMode.StickyBit);
        Assert.Equal("1755\n", Start(Identity.User, bundle, "copyup"));
    }

    [RootFact]
    public void A_failure_before_the_root_is_entered_is_told_also_where_the_child_has_joined_groups_and_namespaces()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/x", ["type"] = "bind", ["source"] = "/nowhere/at/all", ["options"] = new JsonArray("rbind") });
            config["linux"]!["namespaces"]![4]!["path"] = "/proc/self/ns/net";
        });
        Sandbox.Csrun(Identity.Root, ["create", "-b", bundle, "early"], null, null, TimeSpan.FromSeconds(10)).Refused(125, "/nowhere/at/all", "ENOENT");
    }

    [UserFact]
    public void Hooks_of_all_six_kinds_run_in_order_with_the_state()
    {
        string log = Path.Combine(Sandbox.Directory(Identity.User), "log");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            JsonObject hooks = [];
            foreach (string kind in (string[])["prestart", "createRuntime", "createContainer", "poststart", "poststop"])
            {
                hooks[kind] = new JsonArray(Hook("/bin/sh", $"echo {kind} $(readlink /proc/self/ns/mnt) $(cat) >> {log}"));
            }

            hooks["startContainer"] = new JsonArray(Hook("/bin/sh", "echo startContainer $(readlink /proc/self/ns/mnt) $(cat) > /hook"));
            config["hooks"] = hooks;
        });
        Create(Identity.User, bundle, "hooked");
        int pid = Pid(Identity.User, "hooked");
        Assert.Equal(["prestart", "createRuntime", "createContainer"], File.ReadLines(log).Select(line => line.Split(' ')[0]));
        Assert.False(File.Exists(Path.Combine(bundle, "rootfs", "hook")));
        Sandbox.Csrun(Identity.User, "start", "hooked").Printed("");
        string container = new FileInfo($"/proc/{pid}/ns/mnt").LinkTarget!;
        Sandbox.Csrun(Identity.User, "delete", "--force", "hooked").Printed("");
        string[] lines = [.. File.ReadLines(log), File.ReadAllText(Path.Combine(bundle, "rootfs", "hook")).TrimEnd()];
        string host = new FileInfo("/proc/self/ns/mnt").LinkTarget!;
        (string Kind, string Namespace, int Pid, string Status)[] expected =
        [
            ("prestart", host, pid, "creating"), ("createRuntime", host, pid, "creating"), ("createContainer", container, 1, "creating"),
            ("poststart", host, pid, "running"), ("poststop", host, 0, "stopped"), ("startContainer", container, 1, "created"),
        ];
        Assert.Equal(expected, lines.Select(line =>
        {
            string[] words = line.Split(' ', 3);
            JsonElement state = JsonDocument.Parse(words[2]).RootElement;
            Assert.Equal("hooked", state.GetProperty("id").GetString());
            Assert.Equal(bundle, state.GetProperty("bundle").GetString());
            Assert.Equal("value", state.GetProperty("annotations").GetProperty("org.example.key").GetString());
            return (words[0], words[1], state.GetProperty("pid").GetInt32(), state.GetProperty("status").GetString()!);
        }));
    }

    [UserTheory]
    [InlineData("prestart", "exit 3", "exit code 3")]
    [InlineData("createRuntime", "exec sleep 100", "timeout of 1 s")]
    [InlineData("createContainer", "exit 3", "$.hooks.createContainer[0]")]
    [InlineData("createContainer", "exec sleep 100", "timeout of 1 s")]
    public void A_hook_that_fails_leaves_no_container(string kind, string script, string message)
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            JsonObject hook = Hook("/bin/sh", script);
            hook["timeout"] = 1;
            config["hooks"] = new JsonObject { [kind] = new JsonArray(hook) };
        });
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "unhooked").Refused(125, message);
        Sandbox.Csrun(Identity.User, "list", "-q").Printed("");
    }

    [UserFact]
    public void A_startContainer_hook_that_fails_fails_the_start()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => config["hooks"] = new JsonObject { ["startContainer"] = new JsonArray(Hook("/bin/sh", "exit 3")) });
        Create(Identity.User, bundle, "unstarted");
        Sandbox.Csrun(Identity.User, "start", "unstarted").Refused(125, "startContainer");
        Assert.Equal("stopped", Status(Identity.User, "unstarted"));
    }

    [RootFact]
    public void Namespaces_of_another_container_are_entered()
    {
        string first = Bundles.Make(Sandbox, Identity.Root);
        Create(Identity.Root, first, "pod");
        Sandbox.Csrun(Identity.Root, "start", "pod").Succeeded();
        int pid = Pid(Identity.Root, "pod");
        string second = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args("sh", "-c", "for n in net ipc uts pid mnt; do readlink /proc/self/ns/$n; done; cat /proc/1/comm")(config);
            foreach (JsonNode? ns in config["linux"]!["namespaces"]!.AsArray())
            {
                string type = ns!["type"]!.GetValue<string>();
                if (type != "mount")
                {
                    ns["path"] = $"/proc/{pid}/ns/{(type == "network" ? "net" : type)}";
                }
            }
        });
        string[] lines = Start(Identity.Root, second, "member").Split('\n');
        Assert.Equal(new FileInfo($"/proc/{pid}/ns/net").LinkTarget, lines[0]);
        Assert.Equal(new FileInfo($"/proc/{pid}/ns/ipc").LinkTarget, lines[1]);
        Assert.Equal(new FileInfo($"/proc/{pid}/ns/uts").LinkTarget, lines[2]);
        Assert.Equal(new FileInfo($"/proc/{pid}/ns/pid").LinkTarget, lines[3]);
        Assert.NotEqual(new FileInfo($"/proc/{pid}/ns/mnt").LinkTarget, lines[4]);
        Assert.Equal("sleep", lines[5]);
    }

    [RootFact]
    public void A_network_of_the_hosts_and_a_user_namespace_of_its_own()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args("sh", "-c", "readlink /proc/self/ns/net; cat /proc/self/uid_map")(config);
            JsonArray namespaces = config["linux"]!["namespaces"]!.AsArray();
            namespaces[4]!["path"] = $"/proc/{Environment.ProcessId}/ns/net";
            namespaces.Add(new JsonObject { ["type"] = "user" });
            foreach (string map in (string[])["uidMappings", "gidMappings"])
            {
                config["linux"]![map] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 70000 });
            }
        });
        string[] lines = Start(Identity.Root, bundle, "mixed").Split('\n');
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, lines[0]);
        Assert.Equal(["0", "0", "70000"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [RootFact]
    public void A_path_that_is_no_namespace_is_named()
    {
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => config["linux"]!["namespaces"]!.AsArray()[4]!["path"] = $"/proc/{Environment.ProcessId}/ns/uts");
        Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "wrong").Refused(125, "no namespace of the kind");
        bundle = Bundles.Make(Sandbox, Identity.Root, config => config["linux"]!["namespaces"]!.AsArray()[4]!["path"] = "/not/there");
        Sandbox.Csrun(Identity.Root, "create", "-b", bundle, "wrong").Refused(125, "$.linux.namespaces[4].path");
        Sandbox.Csrun(Identity.Root, "list", "-q").Printed("");
    }

    [UserFact]
    public void State_of_a_container_that_is_not_there() => Sandbox.Csrun(Identity.User, "state", "nobody").Refused(125, "does not exist");

    [UserFact]
    public void A_container_of_run_has_a_state_too()
    {
        string id = Sandbox.Csrun(Identity.User, "run", "-d", Host.AnyImage, "sleep", "1000").Succeeded().Output;
        _made.Add((Identity.User, id));
        JsonElement state = State(Identity.User, id);
        Assert.Equal("running", state.GetProperty("status").GetString());
        Assert.True(state.GetProperty("pid").GetInt32() > 1);
        Sandbox.Csrun(Identity.User, "kill", id, "KILL").Printed("");
        Sandbox.Csrun(Identity.User, "wait", id).Printed("137");
        Sandbox.Csrun(Identity.User, "delete", id).Printed("");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Identity identity, string id) in _made)
        {
            Sandbox.Csrun(identity, "delete", "--force", id);
        }
    }

    private void KilledCreate(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity);
        Sandbox.Csrun(identity, "list", "-q").Printed("");
        Leftovers before = Leftovers.Before(Sandbox, identity);
        for (int i = 0; i < 30; i++)
        {
            Sandbox.Shell(identity, $"$CSRUN create -b {bundle} killed </dev/null >/dev/null 2>&1 & sleep 0.0{i:00}; kill -9 $! 2>/dev/null; wait");
            Sandbox.Csrun(identity, "delete", "--force", "killed").Succeeded();
            before.AssertNone("containers", "cache");
        }

        Create(identity, bundle, "killed");
    }

    private void WholeLife(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity);
        string pidFile = Path.Combine(bundle, "pid");
        _made.Add((identity, "life"));
        Sandbox.Shell(identity, $"$CSRUN create -b {bundle} --pid-file {pidFile} life </dev/null >{bundle}/out 2>&1").Succeeded();
        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "out")));
        JsonElement created = State(identity, "life");
        Assert.Equal("created", created.GetProperty("status").GetString());
        Assert.Equal(File.ReadAllText(pidFile), created.GetProperty("pid").GetInt32().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(bundle, created.GetProperty("bundle").GetString());
        Assert.Equal("1.2.0", created.GetProperty("ociVersion").GetString());
        Assert.Equal("value", created.GetProperty("annotations").GetProperty("org.example.key").GetString());
        Sandbox.Csrun(identity, "delete", "--force", "nobody").Succeeded();

        Sandbox.Csrun(identity, "start", "life").Printed("");
        Assert.Equal("running", Status(identity, "life"));
        Assert.Equal("sleep\0" + "1000\0", File.ReadAllText($"/proc/{created.GetProperty("pid").GetInt32()}/cmdline"));
        Sandbox.Csrun(identity, "start", "life").Refused(125, "already running");
        Sandbox.Csrun(identity, "delete", "life").Refused(125, "not stopped");
        Sandbox.Csrun(identity, "exec", "life", "cat", "/proc/sys/kernel/hostname").Printed("bundled");
        Assert.Contains("life", Sandbox.Csrun(identity, "ps").Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("running", Sandbox.Csrun(identity, "list").Succeeded().Output, StringComparison.Ordinal);

        Sandbox.Csrun(identity, "kill", "life", "KILL").Printed("");
        for (int i = 0; i < 100 && Status(identity, "life") != "stopped"; i++)
        {
            Thread.Sleep(20);
        }

        Assert.Equal("stopped", Status(identity, "life"));
        Sandbox.Csrun(identity, "kill", "life", "KILL").Refused(125, "container not running");
        Sandbox.Csrun(identity, "start", "life").Refused(125, "has stopped");
        Sandbox.Csrun(identity, "delete", "life").Printed("");
        Sandbox.Csrun(identity, "list", "-q").Printed("");
    }

    /// <summary>Creates a container with its streams in files, starts it, and waits for its end.</summary>
    private string Start(Identity identity, string bundle, string id, string before = "", string options = "")
    {
        _made.Add((identity, id));
        Sandbox.Shell(identity, $"T={bundle}; {before} $CSRUN create {options} -b {bundle} {id} </dev/null >{bundle}/out 2>{bundle}/err").Succeeded();
        Sandbox.Csrun(identity, "start", id).Printed("");
        for (int i = 0; i < 250 && Status(identity, id) != "stopped"; i++)
        {
            Thread.Sleep(20);
        }

        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "err")));
        return File.ReadAllText(Path.Combine(bundle, "out"));
    }

    private void Create(Identity identity, string bundle, string id)
    {
        _made.Add((identity, id));
        Sandbox.Shell(identity, $"$CSRUN create -b {bundle} {id} </dev/null >/dev/null 2>{bundle}/err").Succeeded();
    }

    private JsonElement State(Identity identity, string id) => JsonDocument.Parse(Sandbox.Csrun(identity, "state", id).Succeeded().Stdout).RootElement;

    private string Status(Identity identity, string id) => State(identity, id).GetProperty("status").GetString()!;

    private int Pid(Identity identity, string id) => State(identity, id).GetProperty("pid").GetInt32();

    private static JsonObject Hook(string path, string script) => new() { ["path"] = path, ["args"] = new JsonArray("sh", "-c", script), ["env"] = new JsonArray("PATH=/usr/bin:/bin") };

    private static Action<JsonObject> Args(params string[] args) => config => config["process"]!["args"] = new JsonArray([.. args.Select(a => (JsonNode)a)]);
}
