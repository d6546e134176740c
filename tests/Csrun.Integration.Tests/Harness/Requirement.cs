namespace Csrun.Integration.Tests.Harness;

/// <summary>Decides whether a test can run here, and says why not. tests/expected-skips.txt foresees these texts.</summary>
internal static class Requirement
{
    public static string? Missing(Identity identity, Need need)
    {
        if ((identity == Identity.Root || need.HasFlag(Need.RootTests)) && !Host.IsRoot)
        {
            return "needs root: the tests run as " + Environment.UserName;
        }

        if (identity == Identity.NoSubIds && (!Host.IsRoot || Host.NoSubIds is null))
        {
            return "needs the user csrun-nosub (scripts/setup.sh makes it) and root to become it";
        }

        if (identity == Identity.User && Host.User is null)
        {
            return "needs the user csrun-test: scripts/setup.sh makes it";
        }

        if (need.HasFlag(Need.Alpine) && !Host.HasAlpine)
        {
            return "needs the Alpine image: no alpine-minirootfs-3.20.3-*.tar.gz in CSRUN_IMAGE_PATH";
        }

        if (need.HasFlag(Need.SubIds) && Host.Find("newuidmap") is null)
        {
            return "needs newuidmap, which is not installed";
        }

        if (need.HasFlag(Need.SubIds) && Host.Of(identity) is { SubUidCount: < 65536 } account)
        {
            return $"needs subordinate IDs: {account.Name} has none";
        }

        if (need.HasFlag(Need.Cgroups) && !HasCgroups())
        {
            return "needs control groups that root may make: /sys/fs/cgroup has none, or is read-only";
        }

        return Tool(need, Need.Strace, "strace") ?? Tool(need, Need.Objdump, "objdump") ?? Tool(need, Need.Script, "script") ?? Tool(need, Need.Bindfs, "bindfs")
            ?? Tool(need, Need.Podman, "podman") ?? Tool(need, Need.Podman, "runc") ?? Tool(need, Need.Buildah, "buildah")
            ?? Tool(need, Need.Docker, "dockerd") ?? Tool(need, Need.Docker, "runc") ?? Tool(need, Need.Rootlesskit, "rootlesskit")
            ?? (need.HasFlag(Need.Docker) && !File.Exists(DockerDaemon.Client) ? $"needs {DockerDaemon.Client}, which is not installed" : null);
    }

    private static bool HasCgroups()
    {
        bool v2 = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        string controllers = v2 ? File.ReadAllText("/sys/fs/cgroup/cgroup.controllers") : "";
        bool there = v2
            ? controllers.Contains("memory", StringComparison.Ordinal) && controllers.Contains("pids", StringComparison.Ordinal)
            : Directory.Exists("/sys/fs/cgroup/memory") && Directory.Exists("/sys/fs/cgroup/pids");
        return there && File.ReadLines("/proc/self/mountinfo").Any(l => l.Contains(" - cgroup", StringComparison.Ordinal) && l.Contains(" rw,", StringComparison.Ordinal));
    }

    private static string? Tool(Need need, Need flag, string program) =>
        need.HasFlag(flag) && Host.Find(program) is null ? $"needs {program}, which is not installed" : null;
}
