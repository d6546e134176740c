using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Everything that a launch plan is made from.</summary>
public sealed record LaunchRequest
{
    /// <summary>The container, as an OCI runtime-spec configuration.</summary>
    public required Spec Spec { get; init; }

    /// <summary>Where its root file system comes from.</summary>
    public required Rootfs Rootfs { get; init; }

    /// <summary>What the host is like.</summary>
    public required HostFacts Facts { get; init; }

    /// <summary>Who writes the ID maps.</summary>
    public MapWriterKind MapWriter { get; init; }

    /// <summary>Whether setgroups(2) has to be denied before the group map can be written.</summary>
    public bool DenySetgroups { get; init; }

    /// <summary>Whether the caller's supplementary groups stay in force: setgroups(2) is not called.</summary>
    public bool KeepGroups { get; init; }

    /// <summary>Whether csrun stays as PID 1 and reaps.</summary>
    public bool Init { get; init; }

    /// <summary>Whether the caller's standard input is the command's; /dev/null otherwise.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether all standard streams of the caller's are the command's as they are, in the background, too.</summary>
    public bool InheritsStreams { get; init; }

    /// <summary>Whether the command goes on when csrun ends.</summary>
    public bool OutlivesCsrun { get; init; }

    /// <summary>Whether the root is changed without pivot_root(2), which the initial ramfs does not let go of.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Whether the caller's session keyring stays the container's.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>The namespaces that are there already and are entered, open in csrun.</summary>
    public ImmutableArray<JoinedNamespace> Joined { get; init; } = [];

    /// <summary>The FIFOs of a container that waits for <c>csrun start</c>; null for one whose command runs at once.</summary>
    public StartFifos? Start { get; init; }

    /// <summary>Further descriptors of the command's, from number 3 on.</summary>
    public ImmutableArray<OpenDescriptor> Preserved { get; init; } = [];

    /// <summary>Descriptors of csrun's that become the command's standard streams, in place of the caller's own.</summary>
    public ImmutableArray<StandardStream> Streams { get; init; } = [];

    /// <summary>Files of csrun's own that cover the image's; they need the configuration's tmpfs on /dev.</summary>
    public IReadOnlyList<EtcFile> EtcFiles { get; init; } = [];

    /// <summary>What tmpfs mounts of the configuration begin with.</summary>
    public IReadOnlyList<CopiedTree> CopiedUp { get; init; } = [];

    /// <summary>Modes of the directories that tmpfs mounts without mode= cover, by the mount's destination.</summary>
    public IReadOnlyDictionary<string, uint> CoveredModes { get; init; } = ImmutableDictionary<string, uint>.Empty;

    /// <summary>The control group, or null for csrun's own. docs/design/cgroups.md.</summary>
    public CgroupPlan? Cgroup { get; init; }

    /// <summary>The compiled seccomp filter, or null for none.</summary>
    public SeccompFilter? SeccompFilter { get; init; }
}

/// <summary>A descriptor that becomes a standard stream.</summary>
/// <param name="Number">0, 1 or 2.</param>
/// <param name="Source">What it becomes.</param>
public sealed record StandardStream(int Number, OpenDescriptor Source);

/// <summary>A namespace that a container enters.</summary>
/// <param name="Kind">Its kind, as clone3's flag.</param>
/// <param name="Path">Where the configuration says that it is.</param>
/// <param name="Namespace">The namespace, open in csrun.</param>
public sealed record JoinedNamespace(CloneFlags Kind, string Path, OpenDescriptor Namespace);

/// <summary>The two FIFOs between a container that is made and the <c>csrun start</c> that comes later.</summary>
/// <param name="Start">Open for reading and writing, so that reading waits: a byte in it starts the command.</param>
/// <param name="Started">Open for writing: execve closes it, and a failure before that is written into it.</param>
public sealed record StartFifos(OpenDescriptor Start, OpenDescriptor Started);

/// <summary>Where a root file system comes from.</summary>
public abstract record Rootfs;

/// <summary>A directory that is used as it is.</summary>
/// <param name="Path">Its absolute path on the host.</param>
/// <param name="IdMapped">Whether it is bound ID-mapped by the container's own map (root only).</param>
public sealed record DirectoryRootfs(string Path, bool IdMapped) : Rootfs;

/// <summary>A read-only tree with a writable layer of the container's own: overlay.</summary>
/// <param name="Lower">The tree's absolute path on the host.</param>
/// <param name="LayerDirectory">A directory of the container's own, writable for its root; upper and work come below it.</param>
/// <param name="IdMapped">Whether the tree holds the image's own IDs and is bound ID-mapped by the container's map (root only).</param>
public sealed record LayeredRootfs(string Lower, string LayerDirectory, bool IdMapped) : Rootfs;
