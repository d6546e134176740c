namespace Csrun.Oci;

/// <summary>Weight of one block device.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Block IO", weightDevice.</remarks>
public sealed record BlockIOWeightDevice
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>10 to 1000, against child cgroups (cgroup v1).</summary>
    public ushort? LeafWeight { get; init; }
}
