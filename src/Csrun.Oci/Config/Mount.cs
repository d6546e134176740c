namespace Csrun.Oci;

/// <summary>A mount over the container's root file system.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Mounts" and "POSIX-platform Mounts"; mount_setattr(2).</remarks>
public sealed record Mount
{
    /// <summary>Where inside the container; absolute.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Device, directory or file on the host (relative to the bundle), or a name for file systems without one.</summary>
    public string? Source { get; init; }

    /// <summary>File system type; null or <c>none</c> with <c>bind</c> or <c>rbind</c> among the options.</summary>
    public string? Type { get; init; }

    /// <summary>Options as mount(8) writes them, and those of the specification's table (ridmap, tmpcopyup, ...).</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>User IDs of an ID-mapped mount: containerID is the ID on disk, hostID the one it counts as at the mount point, in the runtime's user namespace.</summary>
    public IReadOnlyList<LinuxIdMapping> UidMappings { get; init; } = [];

    /// <summary>Group IDs of an ID-mapped mount, likewise.</summary>
    public IReadOnlyList<LinuxIdMapping> GidMappings { get; init; } = [];
}
