using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>--no-pivot: the root is changed without pivot_root(2).</summary>
public sealed class NoPivotTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserFact]
    public void A_users_container() => Runs(Identity.User);

    [RootFact]
    public void Roots_container() => Runs(Identity.Root);

    private void Runs(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity, config => Args(config, "sh", "-c", "ls -d /*; pwd -P; cat /proc/self/mountinfo | cut -d' ' -f5; touch /proc/sys/x 2>/dev/null || echo read-only; ls /.. | wc -l; ls /proc/1/root/.. | wc -l"));
        Create(identity, bundle, "unpivoted", "--no-pivot");
        Assert.Contains("--no-pivot: the host's file system stays mounted below", File.ReadAllText(Path.Combine(bundle, "err")), StringComparison.Ordinal);
        Sandbox.Csrun(identity, "start", "unpivoted").Printed("");
        Ended(identity, "unpivoted");
        string[] lines = File.ReadAllText(Path.Combine(bundle, "out")).Split('\n');
        string[] names = [.. Directory.GetFileSystemEntries(new FileInfo(Path.Combine(bundle, "rootfs")).LinkTarget!).Select(path => $"/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];
        Assert.Equal(names, lines.Take(names.Length));
        Assert.Equal("/", lines[names.Length]);
        Assert.Contains("/proc/sys", lines); // read-only
        Assert.Contains("read-only", lines);
        Assert.Equal([$"{names.Length}", $"{names.Length}"], lines.SkipLast(1).TakeLast(2));
        // The mounts below the root that is seen are not the container's to name.
        Assert.DoesNotContain(lines, line => line.StartsWith("/var/", StringComparison.Ordinal));
    }
}
