using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Cgroups;

/// <summary>The same configuration by runc and by csrun: every file of the groups holds the same.</summary>
public sealed class RuncComparisonTests(Sandbox sandbox) : ContainerTest(sandbox)
{
    [RootTheory(Needs = Need.Cgroups | Need.Podman)]
    [InlineData("""{"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432}, "cpu": {"shares": 512, "quota": 50000, "period": 100000}, "pids": {"limit": 50}}""")]
    [InlineData("""{"memory": {"limit": -1}, "cpu": {"cpus": "0", "mems": "0", "quota": 20000}, "pids": {"limit": -1}}""")]
    [InlineData("""{"memory": {"limit": 33554432, "swap": 33554432, "swappiness": 10, "disableOOMKiller": true}, "cpu": {"shares": 2}}""")]
    public void The_settings_are_the_same(string resources)
    {
        if (resources.Contains("swappiness", StringComparison.Ordinal) && File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            return; // of version 1 alone
        }

        string name = $"csrun-it-{Guid.NewGuid():N}";
        string bundle = Sandbox.Directory(Identity.Root);
        Sandbox.Csrun(Identity.Root, "image", "unpack", Host.AnyImage, Path.Combine(bundle, "rootfs")).Succeeded();
        Tool.Check("sh", "-c", $"cd {bundle} && runc spec");
        string file = Path.Combine(bundle, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(file))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray("sleep", "1000");
        // runc spec of 1.1 names ambient capabilities that are not inheritable, which cannot be had.
        config["process"]!["capabilities"]!.AsObject().Remove("ambient");
        JsonNode wanted = JsonNode.Parse(resources)!;
        wanted["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" });
        config["linux"]!["resources"] = wanted;
        string[] own, runcs;
        try
        {
            config["linux"]!["cgroupsPath"] = $"/{name}-runc";
            File.WriteAllText(file, config.ToJsonString());
            Tool.Check("sh", "-c", $"runc run -d -b {bundle} {name} < /dev/null > /dev/null 2>&1");
            runcs = Settings($"{name}-runc");
        }
        finally
        {
            Tool.Run("runc", "delete", "-f", name);
        }

        config["linux"]!["cgroupsPath"] = $"/{name}-csrun";
        File.WriteAllText(file, config.ToJsonString());
        string id = DetachedAs(Identity.Root, "--userns", "host", "--config", file);
        own = Settings($"{name}-csrun");
        Sandbox.Csrun(Identity.Root, "rm", "-f", id).Succeeded();
        Assert.True(runcs.Length > 20, string.Join('\n', runcs));
        Assert.Equal(runcs, own);
        Assert.Empty(Settings($"{name}-csrun"));
    }

    /// <summary>Files that hold settings, not counts.</summary>
    private static string[] Settings(string group)
    {
        List<string> found = [];
        foreach (string directory in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(h => Path.Combine(h, group)).Where(Directory.Exists))
        {
            foreach (string file in Directory.GetFiles(directory))
            {
                string name = Path.GetFileName(file);
                bool setting = name.StartsWith("cpu.", StringComparison.Ordinal) || name.StartsWith("cpuset.", StringComparison.Ordinal)
                    || name.EndsWith("limit_in_bytes", StringComparison.Ordinal) || name.EndsWith(".max", StringComparison.Ordinal)
                    || name is "memory.swappiness" or "memory.low" or "memory.high" or "devices.list" or "freezer.state";
                bool count = name.Contains("stat", StringComparison.Ordinal) && name != "freezer.state";
                if (setting && !count && !name.Contains("pressure", StringComparison.Ordinal))
                {
                    string[] lines = File.ReadAllText(file).TrimEnd('\n').Split('\n');
                    Array.Sort(lines, StringComparer.Ordinal);
                    // /dev/net/tun, which runc allowed until 1.2.
                    found.Add($"{file.Replace(group, "GROUP", StringComparison.Ordinal)}: {string.Join(' ', lines.Where(l => l != "c 10:200 rwm"))}");
                }
            }
        }

        found.Sort(StringComparer.Ordinal);
        return [.. found];
    }
}
