namespace Csrun.Oci;

/// <summary>IDs of a process, as the container sees them.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "POSIX-platform User".</remarks>
public sealed record User
{
    /// <summary>User ID inside the container's user namespace.</summary>
    public uint Uid { get; init; }

    /// <summary>Group ID inside the container's user namespace.</summary>
    public uint Gid { get; init; }

    /// <summary>File mode creation mask, 0 to 511 (octal 777); null leaves the runtime's.</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary group IDs inside the container's user namespace.</summary>
    public IReadOnlyList<uint> AdditionalGids { get; init; } = [];
}
