using System.Collections.ObjectModel;

namespace Csrun.Oci;

/// <summary>What is particular to Linux; JSON name <c>linux</c>.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md.</remarks>
public sealed record LinuxConfig
{
    /// <summary>Namespaces the container gets; a type that is not named is the runtime's own.</summary>
    public IReadOnlyList<Namespace> Namespaces { get; init; } = [];

    /// <summary>User IDs of the container's new user namespace.</summary>
    public IReadOnlyList<LinuxIdMapping> UidMappings { get; init; } = [];

    /// <summary>Group IDs of the container's new user namespace.</summary>
    public IReadOnlyList<LinuxIdMapping> GidMappings { get; init; } = [];

    /// <summary>Clock offsets of the container's new time namespace.</summary>
    public TimeOffsets? TimeOffsets { get; init; }

    /// <summary>Device nodes to make beside the standard ones.</summary>
    public IReadOnlyList<Device> Devices { get; init; } = [];

    /// <summary>Cgroup of the container, below each hierarchy's mount point; null lets the runtime choose.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Limits of the cgroup.</summary>
    public Resources? Resources { get; init; }

    /// <summary>Cache and memory bandwidth allocation (resctrl).</summary>
    public IntelRdt? IntelRdt { get; init; }

    /// <summary>SELinux label of the container's mounts.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Mount propagation of the root: <c>private</c>, <c>shared</c>, <c>slave</c>, <c>unbindable</c>, or the same with an <c>r</c> before it.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>System call filter.</summary>
    public Seccomp? Seccomp { get; init; }

    /// <summary>Kernel parameters of the container's own namespaces, by dotted names.</summary>
    public IReadOnlyDictionary<string, string> Sysctl { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Paths inside the container that are made unreadable.</summary>
    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    /// <summary>Paths inside the container that are made read-only.</summary>
    public IReadOnlyList<string> ReadonlyPaths { get; init; } = [];

    /// <summary>Execution domain, personality(2).</summary>
    public Personality? Personality { get; init; }

    /// <summary>Network devices of the host to move into the container, by their host names.</summary>
    public IReadOnlyDictionary<string, NetDevice> NetDevices { get; init; } = ReadOnlyDictionary<string, NetDevice>.Empty;

    /// <summary>NUMA memory policy, set_mempolicy(2).</summary>
    public MemoryPolicy? MemoryPolicy { get; init; }
}
