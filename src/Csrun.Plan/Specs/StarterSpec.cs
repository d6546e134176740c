using Csrun.Oci;

namespace Csrun.Plan.Specs;

/// <summary>The configuration that <c>csrun spec</c> writes: a start for a person's own, as runc's is.</summary>
/// <remarks>A shell on a terminal in <c>rootfs</c>, which stays read-only, with the few capabilities that runc's has.</remarks>
public static class StarterSpec
{
    private static readonly string[] s_capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    /// <summary>For root of the host: no user namespace.</summary>
    /// <param name="unified">Whether the host has control groups of version 2 alone. Only then is there a cgroup namespace, as runc has it: what
    /// people's scripts add to a configuration must not be in it twice.</param>
    public static Spec ForRoot(bool unified) => new()
    {
        OciVersion = SpecVersion.Current,
        Process = new Process
        {
            Terminal = true,
            Args = ["sh"],
            Env = [DefaultSpec.Path, "TERM=xterm"],
            Cwd = "/",
            Capabilities = new Capabilities { Bounding = s_capabilities, Effective = s_capabilities, Permitted = s_capabilities },
            Rlimits = [new Rlimit { Type = "RLIMIT_NOFILE", Soft = 1024, Hard = 1024 }],
            NoNewPrivileges = true,
        },
        Root = new Root { Path = "rootfs", Readonly = true },
        Hostname = "csrun",
        Mounts = DefaultSpec.Mounts,
        Linux = new LinuxConfig
        {
            Namespaces = [.. DefaultSpec.Namespaces(ownUser: false, ownNetwork: true).Where(n => unified || n.Type != "cgroup")],
            Resources = new Resources { Devices = [new DeviceCgroupRule { Allow = false, Access = "rwm" }] },
            MaskedPaths = DefaultSpec.MaskedPaths,
            ReadonlyPaths = DefaultSpec.ReadonlyPaths,
        },
    };

    /// <summary>For an ordinary user, without what such a user may not have: a user namespace in which root is that user and nobody else
    /// is there, the host's network (a user can make a network of its own, and connect it to nothing), no limits, and the host's /sys,
    /// because the kernel gives nobody a sysfs of a network that is not theirs.</summary>
    /// <param name="uid">The user's ID.</param>
    /// <param name="gid">The user's group.</param>
    /// <param name="unified">As for <see cref="ForRoot"/>.</param>
    public static Spec Rootless(uint uid, uint gid, bool unified)
    {
        Spec spec = ForRoot(unified);
        return spec with
        {
            Mounts = [.. spec.Mounts.Select(Rootless)],
            Linux = spec.Linux! with
            {
                Namespaces = [.. DefaultSpec.Namespaces(ownUser: true, ownNetwork: false).Where(n => unified || n.Type != "cgroup")],
                UidMappings = [new LinuxIdMapping(0, uid, 1)],
                GidMappings = [new LinuxIdMapping(0, gid, 1)],
                Resources = null,
            },
        };
    }

    private static Mount Rootless(Mount mount) => mount.Destination == "/sys"
        ? mount with { Type = "none", Source = "/sys", Options = ["rbind", .. mount.Options] }
        // The map has no group 5.
        : mount with { Options = [.. mount.Options.Where(option => !option.StartsWith("gid=", StringComparison.Ordinal) && !option.StartsWith("uid=", StringComparison.Ordinal))] };
}
