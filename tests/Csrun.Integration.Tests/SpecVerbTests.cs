using System.Text.Json;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>csrun spec and csrun features.</summary>
public sealed class SpecVerbTests(Sandbox sandbox) : IntegrationTest(sandbox), IDisposable
{
    private readonly List<Identity> _made = [];

    [UserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_spec_writes_for_an_ordinary_user_runs_as_a_bundle_and_by_run(bool andByRunc) => Runs(Identity.User, "--rootless", andByRunc);

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_spec_writes_for_root_runs_as_a_bundle_and_by_run(bool andByRunc) => Runs(Identity.Root, "", andByRunc);

    [UserFact]
    public void A_configuration_that_is_there_stays()
    {
        string bundle = Sandbox.Directory(Identity.User, "bundle");
        string file = Path.Combine(bundle, "config.json");
        Sandbox.Csrun(Identity.User, "spec", "-b", bundle).Printed("");
        File.WriteAllText(file, "mine");
        RunResult again = Sandbox.Csrun(Identity.User, "spec", "--bundle", bundle);
        again.Refused(125, "File config.json exists. Remove it first", "why: ", $"fix: rm '{file}'");
        Assert.Equal("mine", File.ReadAllText(file));
        Sandbox.Csrun(Identity.User, "spec", "-b", $"{bundle}/none").Refused(125, "mkdir -p", $"{bundle}/none");
        Sandbox.Csrun(Identity.User, "spec", "-b", "/").Refused(125, "openat2 \"/config.json\": EACCES", "may make no file");
        Assert.Equal(["config.json"], Directory.GetFileSystemEntries(bundle).Select(Path.GetFileName));
    }

    [UserFact]
    public void Dangling_and_other_links_are_not_followed()
    {
        string bundle = Sandbox.Directory(Identity.User, "bundle");
        Sandbox.Shell(Identity.User, $"ln -s {bundle}/elsewhere {bundle}/config.json").Succeeded();
        Sandbox.Csrun(Identity.User, "spec", "-b", bundle).Refused(125, "File config.json exists");
        Assert.False(File.Exists($"{bundle}/elsewhere"));
    }

    [UserTheory]
    [InlineData("csrun")]
    [InlineData("runc")]
    [InlineData("crun")]
    public void Features_has_the_shape_of_the_specification(string name)
    {
        string box = Sandbox.Directory(Identity.User);
        Sandbox.Shell(Identity.User, $"mkdir {box}/{name} && ln -s $CSRUN {box}/{name}/{name}").Succeeded();
        JsonObject features = JsonNode.Parse(Sandbox.Shell(Identity.User, $"{box}/{name}/{name} features").Succeeded().Stdout)!.AsObject();
        Assert.Equal(["ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations", "potentiallyUnsafeConfigAnnotations"], features.Select(p => p.Key));
        Assert.Equal("1.0.0", (string)features["ociVersionMin"]!);
        Assert.Equal("1.2.0", (string)features["ociVersionMax"]!);
        Assert.Equal(["namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "intelRdt", "mountExtensions"], features["linux"]!.AsObject().Select(p => p.Key));
        Assert.True((bool)features["linux"]!["mountExtensions"]!["idmap"]!["enabled"]!);
    }

    [RootFact]
    public void What_runc_lists_and_csrun_does_not_is_refused_by_name()
    {
        if (Host.Find("runc") is not { } runc)
        {
            return;
        }

        JsonElement theirs = JsonDocument.Parse(Tool.Check(runc, "features")).RootElement;
        JsonElement ours = JsonDocument.Parse(Sandbox.Csrun(Identity.Root, "features").Succeeded().Stdout).RootElement;
        foreach (string path in (string[])["hooks", "mountOptions", "linux.namespaces", "linux.capabilities", "linux.seccomp.actions", "linux.seccomp.operators", "linux.seccomp.archs"])
        {
            string[] missing = [.. Words(theirs, path).Except(Words(ours, path))];
            Assert.True(missing.Length == 0 || path is "mountOptions" or "linux.seccomp.actions", $"{path}: {string.Join(' ', missing)}");
            foreach (string word in missing)
            {
                string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
                {
                    if (path == "mountOptions")
                    {
                        config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/m", ["type"] = "bind", ["source"] = "/usr", ["options"] = new JsonArray("bind", word) });
                    }
                    else
                    {
                        config["linux"]!["seccomp"] = new JsonObject { ["defaultAction"] = "SCMP_ACT_ALLOW", ["syscalls"] = new JsonArray(new JsonObject { ["names"] = new JsonArray("read"), ["action"] = word }) };
                    }
                });
                Sandbox.Csrun(Identity.Root, "create", "--explain", "-b", bundle, "unlisted").Refused(125, word);
            }
        }

        foreach (string flag in (string[])["v1", "v2", "systemd", "systemdUser"])
        {
            Assert.True(ours.GetProperty("linux").GetProperty("cgroup").GetProperty(flag).GetBoolean());
        }
    }

    /// <summary>Each word that features lists is taken by create: the plan is made.</summary>
    [UserFact]
    public void Every_listed_mount_option_is_taken()
    {
        JsonElement ours = JsonDocument.Parse(Sandbox.Csrun(Identity.User, "features").Succeeded().Stdout).RootElement;
        string volume = Sandbox.Directory(Identity.User);
        string[] options = [.. Words(ours, "mountOptions").Except(["idmap", "ridmap"])];
        Assert.True(options.Length > 40);
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            foreach (string option in options)
            {
                bool tmpfs = option is "sync" or "dirsync" or "lazytime" or "mand" or "tmpcopyup";
                config["mounts"]!.AsArray().Add(new JsonObject
                {
                    ["destination"] = option == "remount" ? "/m/bind" : $"/m/{option}", ["type"] = tmpfs ? "tmpfs" : "bind", ["source"] = tmpfs ? "tmpfs" : volume,
                    ["options"] = option is "bind" or "rbind" || tmpfs ? new JsonArray(option) : new JsonArray("bind", option),
                });
            }
        });
        Sandbox.Csrun(Identity.User, "create", "--explain", "-b", bundle, "all").Succeeded();
    }

    private static IEnumerable<string> Words(JsonElement features, string path)
    {
        foreach (string part in path.Split('.'))
        {
            features = features.GetProperty(part);
        }

        return features.EnumerateArray().Select(e => e.GetString()!);
    }

    private void Runs(Identity identity, string option, bool andByRunc)
    {
        string bundle = Sandbox.Directory(identity, "bundle");
        Sandbox.Csrun(identity, ["spec", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--bundle", bundle]).Printed("");
        Assert.Equal("644", Tool.Check("stat", "-c", "%a", $"{bundle}/config.json").Trim());
        Directory.Move(TestRootfs.Make(Sandbox, identity), Path.Combine(bundle, "rootfs")); // runc takes no link
        string file = Path.Combine(bundle, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.Equal("1.2.0", (string)config["ociVersion"]!);
        Assert.True((bool)config["process"]!["terminal"]!);
        Sandbox.Csrun(identity, "create", "--explain", "-b", bundle, "explained").Succeeded();
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray("sh", "-c", "id -u; hostname; grep NoNewPrivs /proc/self/status | cut -f 2; touch /x 2>&1; ulimit -n; ls -d /sys/fs");
        File.WriteAllText(file, config.ToJsonString());
        const string Expected = "0\ncsrun\n1\ntouch: /x: Read-only file system\n1024\n/sys/fs";
        _made.Add(identity);
        Sandbox.Shell(identity, $"cd {bundle} && $CSRUN create starter </dev/null >out 2>&1 && $CSRUN start starter && for i in $(seq 50); do $CSRUN state starter | grep -q stopped && break; sleep 0.1; done; cat out; $CSRUN delete -f starter").Printed(Expected);
        Sandbox.Csrun(identity, ["run", .. identity == Identity.Root ? ["--userns", "host"] : Array.Empty<string>(), "--config", file]).Printed(Expected);
        if (andByRunc && Host.Find("runc") is { } runc && identity == Identity.Root)
        {
            // What csrun writes is no dialect of its own.
            Assert.Equal(Expected, Tool.Check("sh", "-c", $"cd {bundle} && {runc} --root {bundle}/runc run starter").Trim());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (Identity identity in _made)
        {
            Sandbox.Csrun(identity, "delete", "-f", "starter");
        }
    }
}
