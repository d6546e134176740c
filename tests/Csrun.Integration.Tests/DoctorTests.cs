using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun doctor: its answer is the truth about csrun run, and a failing run tells what it found.</summary>
public sealed class DoctorTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact(Needs = Need.SubIds)]
    public void On_this_host_run_works_and_doctor_says_so()
    {
        Inside("true").Succeeded();
        RunResult doctor = Sandbox.Csrun(Identity.User, "doctor").Succeeded();
        Assert.Contains("csrun run will work here", doctor.Stdout, StringComparison.Ordinal);
        Assert.Contains($"uid_map 0:{Host.User!.Uid}:1,1:{Host.User.SubUid}:", doctor.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("fail ", doctor.Stdout, StringComparison.Ordinal);
    }

    [UserFact]
    public void Json_has_every_gate_with_the_same_members()
    {
        JsonElement report = Json(Sandbox.Csrun(Identity.User, "doctor", "--json").Succeeded());
        Assert.Equal(1, report.GetProperty("schema").GetInt32());
        Assert.True(report.GetProperty("works").GetBoolean());
        List<string> names = [];
        foreach (JsonElement gate in report.GetProperty("gates").EnumerateArray())
        {
            Assert.Equal(["name", "status", "evidence", "cause", "fix", "code"], gate.EnumerateObject().Select(p => p.Name));
            Assert.Contains(gate.GetProperty("status").GetString(), (string[])["ok", "warn", "fail", "skip"]);
            names.Add(gate.GetProperty("name").GetString()!);
        }

        // docs/doctor.md tells each of them.
        string document = File.ReadAllText(Path.Combine(Host.Repository, "docs/doctor.md"));
        Assert.All(names, name => Assert.Contains($"| `{name}` |", document, StringComparison.Ordinal));
    }

    [UserFact]
    public void Nothing_is_left_behind()
    {
        Sandbox.Csrun(Identity.User, "doctor").Succeeded();
        Leftovers before = Leftovers.Before(Sandbox, Identity.User);
        Sandbox.Csrun(Identity.User, "doctor").Succeeded();
        before.AssertNone();
        Assert.Empty(Directory.GetFileSystemEntries(Sandbox.Root(Identity.User), ".csrun-doctor*"));
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void A_copy_of_newuidmap_without_privilege_fails_and_run_says_the_same()
    {
        string tools = Sandbox.Directory(Identity.Root);
        Tool.Check("cp", Host.Find("newuidmap")!, Host.Find("newgidmap")!, tools);
        string path = $"PATH={tools}:/usr/bin:/bin";

        Failing("newuidmap", "HELPER_NOT_PRIVILEGED", $"{path} $CSRUN doctor --json", tools, "chmod u+s");
        RunResult run = Shell($"{path} $CSRUN run {Host.AnyImage} true").Refused(125, "[HELPER_NOT_PRIVILEGED]", "chmod u+s");
        Assert.DoesNotContain("csrun doctor", run.Stderr, StringComparison.Ordinal); // it is told already
    }

    [UserFact(Needs = Need.SubIds)]
    public void Without_newuidmap_run_has_one_id_and_doctor_warns()
    {
        string tools = Sandbox.Directory(Identity.User);
        Shell($"ln -s /bin/* {tools}/ 2>/dev/null; rm -f {tools}/newuidmap {tools}/newgidmap").Succeeded();
        JsonElement report = Json(Shell($"PATH={tools} $CSRUN doctor --json").Succeeded());
        JsonElement gate = Gate(report, "newuidmap");
        Assert.Equal(("warn", "HELPER_MISSING"), (gate.GetProperty("status").GetString(), gate.GetProperty("code").GetString()));
        Assert.NotEmpty(gate.GetProperty("fix").EnumerateArray());
        Shell($"PATH={tools} $CSRUN run {Host.AnyImage} true").Succeeded();
    }

    [UserFact(Needs = Need.SubIds)]
    public void No_new_privileges_is_found()
    {
        Failing("newuidmap", "HELPER_NOT_PRIVILEGED", "setpriv --no-new-privs $CSRUN doctor --json", "NoNewPrivs", "setpriv --no-new-privs");
        Shell($"setpriv --no-new-privs $CSRUN run {Host.AnyImage} true").Refused(125, "HELPER_NOT_PRIVILEGED");
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void A_tool_that_refuses_is_told_by_run_and_unshare()
    {
        string tools = Sandbox.Directory(Identity.Root);
        Tool.Check("cp", "/bin/false", Path.Combine(tools, "newuidmap"));
        Tool.Check("cp", Host.Find("newgidmap")!, tools);
        Tool.Check("chmod", "4755", Path.Combine(tools, "newuidmap"), Path.Combine(tools, "newgidmap"));
        foreach (string verb in (string[])[$"run {Host.AnyImage} true", "unshare true"])
        {
            Shell($"PATH={tools}:/usr/bin:/bin $CSRUN {verb}").Refused(125, "newuidmap could not write the map", "ended with 1", "/etc/subuid");
        }

        Assert.DoesNotContain("csrun doctor", Shell("$CSRUN unshare no-such-command").Exited(127).Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void Unshare_and_idmap_mount_say_that_user_namespaces_are_off()
    {
        const string Off = "unshare -rm sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && mount -t tmpfs none /tmp && mkdir /tmp/a /tmp/b && exec ";
        Shell($"{Off} $CSRUN unshare --no-map true'").Refused(125, "max_user_namespaces is 0", "sysctl user.max_user_namespaces");
        Shell($"{Off} $CSRUN idmap mount --map-mount b:0:0:1 /tmp/a /tmp/b'").Refused(125, "max_user_namespaces is 0", "sysctl user.max_user_namespaces");
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void Tools_on_a_nosuid_mount_are_found()
    {
        string tools = Sandbox.Directory(Identity.Root);
        RunResult result = Sandbox.Shell(
            Identity.Root,
            $"unshare -m sh -c 'mount -t tmpfs -o nosuid none {tools} && cp {Host.Find("newuidmap")} {Host.Find("newgidmap")} {tools} && chmod 4755 {tools}/* && chmod 755 {tools} && {As()} env PATH={tools}:/usr/bin:/bin CSRUN_ROOT={Sandbox.Root(Identity.User)} {Host.Csrun} doctor --json'");
        JsonElement gate = Gate(Json(result.Exited(1)), "newuidmap");
        Assert.Contains("nosuid", gate.GetProperty("evidence").GetString(), StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void A_covered_proc_is_found_and_run_names_what_covers_it()
    {
        string masked = $"unshare -m sh -c 'mount -t tmpfs none /proc/sys/dev && {As()} env PATH=/usr/bin:/bin HOME=/tmp CSRUN_ROOT={Sandbox.Root(Identity.User)} CSRUN_IMAGE_PATH={Host.ImagePath} {Host.Csrun}";
        JsonElement gate = Gate(Json(Sandbox.Shell(Identity.Root, $"{masked} doctor --json'").Exited(1)), "proc");
        Assert.Equal("fail", gate.GetProperty("status").GetString());
        Assert.Contains("/proc/sys/dev", gate.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Sandbox.Shell(Identity.Root, $"{masked} run {Host.AnyImage} true'").Refused(125, "csrun doctor: proc", "/proc/sys/dev");
    }

    [UserFact]
    public void Switched_off_user_namespaces_are_found_and_run_says_so_once()
    {
        // The limit is one of each user namespace: lowered in one of our own.
        const string Off = "unshare -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --bounding-set=-all ";
        JsonElement report = Json(Shell($"{Off} $CSRUN doctor --json'").Exited(1));
        Assert.Contains("max_user_namespaces is 0", Gate(report, "user-namespace").GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal("skip", Gate(report, "mount").GetProperty("status").GetString());
        RunResult run = Shell($"{Off} $CSRUN run --rootfs / true'").Refused(125, "max_user_namespaces is 0", "sysctl user.max_user_namespaces");
        Assert.Equal(run.Stderr.IndexOf("switched off", StringComparison.Ordinal), run.Stderr.LastIndexOf("switched off", StringComparison.Ordinal));
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void A_store_in_memory_is_a_warning_and_run_works()
    {
        string store = Sandbox.Directory(Identity.User);
        string inMemory = $"unshare -m sh -c 'mount -t tmpfs -o mode=700,uid={Host.User!.Uid} none {store} && {As()} env -u CSRUN_ROOT PATH=/usr/bin:/bin HOME=/tmp XDG_DATA_HOME={store} CSRUN_IMAGE_PATH={Host.ImagePath} {Host.Csrun}";
        JsonElement report = Json(Sandbox.Shell(Identity.Root, $"{inMemory} doctor --json'"));
        Assert.Contains("tmpfs", Gate(report, "store-filesystem").GetProperty("evidence").GetString(), StringComparison.Ordinal);
        RunResult run = Sandbox.Shell(Identity.Root, $"{inMemory} run {Host.AnyImage} true'");
        Assert.True(report.GetProperty("works").GetBoolean() == (run.ExitCode == 0), run.ToString());
    }

    [UserFact]
    public void A_store_that_others_can_write_to_is_refused_as_run_refuses_it()
    {
        string store = Sandbox.Directory(Identity.User);
        Failing("store", null, $"chmod 777 {store}; CSRUN_ROOT={store} $CSRUN doctor --json", "others may write", $"chmod go-w");
    }

    [UserFact]
    public void A_users_mistake_gets_no_diagnosis_of_the_host()
    {
        Assert.DoesNotContain("csrun doctor", Run("no-such-image").Exited(125).Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("csrun doctor", Run(Host.AnyImage, "no-such-command").Exited(127).Stderr, StringComparison.Ordinal);
    }

    [NoSubIdsFact]
    public void Without_subordinate_ids_doctor_warns_with_the_command_and_run_works()
    {
        JsonElement gate = Gate(Json(Sandbox.Csrun(Identity.NoSubIds, "doctor", "--json").Succeeded()), "subordinate-ids");
        Assert.Equal(("warn", "NOSUBID"), (gate.GetProperty("status").GetString(), gate.GetProperty("code").GetString()));
        Assert.Contains("usermod --add-subuids", gate.GetProperty("fix")[0].GetString(), StringComparison.Ordinal);
    }

    [RootFact]
    public void As_root_it_works_without_tools() =>
        Assert.True(Json(Sandbox.Csrun(Identity.Root, "doctor", "--json").Succeeded()).GetProperty("works").GetBoolean());

    private void Failing(string name, string? code, string command, string evidence, string fix)
    {
        JsonElement report = Json(Shell(command).Exited(1));
        Assert.False(report.GetProperty("works").GetBoolean());
        JsonElement gate = Gate(report, name);
        Assert.Equal(("fail", code), (gate.GetProperty("status").GetString(), gate.GetProperty("code").GetString()));
        Assert.Contains(evidence, gate.GetProperty("evidence").GetString() + gate.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Contains(gate.GetProperty("fix").EnumerateArray(), line => line.GetString()!.Contains(fix, StringComparison.Ordinal));
    }

    // A prefix that becomes the ordinary user, for a command that root has prepared a mount namespace for.
    private static string As() => $"setpriv --reuid={Host.User!.Uid} --regid={Host.User.Gid} --init-groups --inh-caps=-all --";

    private static JsonElement Json(RunResult result)
    {
        try
        {
            return JsonDocument.Parse(result.Stdout).RootElement;
        }
        catch (JsonException e)
        {
            throw new Xunit.Sdk.XunitException($"no JSON: {e.Message}\n{result}");
        }
    }

    private static JsonElement Gate(JsonElement report, string name) => report.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == name);

    private RunResult Shell(string command) => Sandbox.Shell(Identity.User, command);
}
