using System.Collections.Immutable;

namespace Csrun.Plan.Doctor;

/// <summary>The gates between a caller and a running container, judged by facts; pure.</summary>
public static class DoctorGates
{
    private static readonly (string Name, Func<DoctorFacts, GateFinding> Judge)[] s_gates =
    [
        ("kernel", HostGates.Kernel),
        ("architecture", HostGates.Machine),
        ("user-namespace", NamespaceGates.UserNamespace),
        ("apparmor", NamespaceGates.AppArmor),
        ("newuidmap", f => IdGates.Tool(f, "newuidmap")),
        ("newgidmap", f => IdGates.Tool(f, "newgidmap")),
        ("subordinate-ids", IdGates.Ranges),
        ("subordinate-overlap", IdGates.Overlap),
        ("id-map", IdGates.Map),
        ("setgroups", IdGates.Setgroups),
        ("namespaces", NamespaceGates.Namespaces),
        ("mount", NamespaceGates.Mount),
        ("proc", NamespaceGates.Proc),
        ("overlay", NamespaceGates.Overlay),
        ("store", HostGates.Store),
        ("store-filesystem", HostGates.StoreFilesystem),
        ("seccomp", HostGates.Seccomp),
        ("labels", HostGates.Labels),
        ("libssl", HostGates.LibSsl),
        ("fuse", f => HostGates.Device("fuse", "/dev/fuse", f.Fuse, "FUSE file systems (bindfs, fuse-overlayfs)")),
        ("tun", f => HostGates.Device("tun", "/dev/net/tun", f.Tun, "networks through pasta or slirp4netns")),
        ("cgroup", HostGates.Cgroup),
        ("nested", HostGates.Nested),
        ("broker", HostGates.Broker),
        ("bindfs", HostGates.Bindfs),
    ];

    /// <summary>The gates' names, in the order in which they are told.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_gates.Select(g => g.Name)];

    /// <summary>Judges every gate.</summary>
    public static ImmutableArray<GateFinding> All(DoctorFacts facts) => [.. s_gates.Select(g => g.Judge(facts))];

    /// <summary>Whether <c>csrun run</c> will work: no gate fails.</summary>
    public static bool Open(ImmutableArray<GateFinding> findings) => !findings.Any(f => f.Status == GateStatus.Fail);
}
