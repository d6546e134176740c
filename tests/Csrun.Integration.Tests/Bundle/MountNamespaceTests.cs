using System.Diagnostics;
using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>Containers in a mount namespace that is not their own: the host's, or one by path. Nothing of theirs shows there.</summary>
public sealed class MountNamespaceTests(Sandbox sandbox) : BundleTest(sandbox)
{
    private const string Look = "readlink /proc/self/ns/mnt; cd ..; cd ../..; pwd -P; ls -d /proc/self >/dev/null && ls /; head -c 1 /dev/zero | wc -c";

    [RootFact]
    public void Without_a_namespace_it_is_in_csruns_own()
    {
        string bundle = Make(null);
        string before = Mounts();
        Create(Identity.Root, bundle, "inherits");
        Assert.Equal(before, Mounts());
        Sandbox.Csrun(Identity.Root, "start", "inherits").Printed("");
        Assert.Equal(before, Mounts());
        // A further process has the container's root, too.
        string exec = Sandbox.Csrun(Identity.Root, "exec", "inherits", "sh", "-c", Look).Succeeded().Stdout;
        string[] lines = exec.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Own(), lines[0]);
        Assert.Equal("/", lines[1]);
        Assert.Contains("proc", lines);
        Assert.DoesNotContain("boot", lines);
        Assert.Equal("1", lines[^1]);
        Assert.Equal(exec, File.ReadAllText(Path.Combine(bundle, "out")));
        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "err")));
    }

    [RootFact]
    public void A_namespace_by_path_is_entered_and_its_processes_keep_their_root()
    {
        using Process other = Tool.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "sh", "-c", "echo ready; exec cat"]));
        Assert.Equal("ready", other.StandardOutput.ReadLine());
        string path = $"/proc/{other.Id}/ns/mnt", theirs = File.ReadAllText($"/proc/{other.Id}/mountinfo");
        string bundle = Make(path);
        Create(Identity.Root, bundle, "enters");
        Sandbox.Csrun(Identity.Root, "start", "enters").Printed("");
        string[] lines = Sandbox.Csrun(Identity.Root, "exec", "enters", "sh", "-c", Look).Succeeded().Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(new FileInfo(path).LinkTarget, lines[0]);
        Assert.NotEqual(Own(), lines[0]);
        Assert.Equal(["/", "1"], [lines[1], lines[^1]]);
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(bundle, "out")));
        Assert.Equal(theirs, File.ReadAllText($"/proc/{other.Id}/mountinfo"));
        Assert.Equal("/", new FileInfo($"/proc/{other.Id}/root").LinkTarget);
        other.StandardInput.Close();
        other.WaitForExit();
    }

    [UserFact]
    public void With_a_user_namespace_of_its_own_that_is_refused()
    {
        string bundle = Bundles.Make(Sandbox, Identity.User, config => Namespaces(config).RemoveAt(1));
        Sandbox.Csrun(Identity.User, "create", "-b", bundle, "refused").Refused(125, "$.linux.namespaces", "a container without a mount namespace of its own is not supported with a user namespace of its own");
    }

    [RootFact]
    public void Mounts_are_listed_in_the_configurations_order()
    {
        string data = Sandbox.Directory(Identity.Root, "data");
        string bundle = Bundles.Make(Sandbox, Identity.Root, config =>
        {
            Args(config, "sh", "-c", "grep -o ' /order/[a-z]* ' /proc/self/mountinfo | tr -d '\\n'");
            JsonArray mounts = config["mounts"]!.AsArray();
            mounts.Add(Mount("/order", "tmpfs", "tmpfs"));
            mounts.Add(Mount("/order/a", "tmpfs", "tmpfs"));
            mounts.Add(Mount("/order/b", "bind", data, "bind"));
            mounts.Add(Mount("/order/c", "tmpfs", "tmpfs"));
        });
        Assert.Equal(" /order/a  /order/b  /order/c ", Run(Identity.Root, bundle, "ordered"));
    }

    private string Make(string? path) => Bundles.Make(Sandbox, Identity.Root, config =>
    {
        Args(config, "sh", "-c", $"{Look}; exec sleep 1000");
        JsonArray namespaces = Namespaces(config);
        namespaces.RemoveAt(1);
        if (path is not null)
        {
            namespaces.Add(new JsonObject { ["type"] = "mount", ["path"] = path });
        }
    });

    private static JsonArray Namespaces(JsonObject config) => config["linux"]!["namespaces"]!.AsArray();

    private static string Own() => new FileInfo("/proc/self/ns/mnt").LinkTarget!;

    private static string Mounts() => File.ReadAllText("/proc/self/mountinfo");
}
