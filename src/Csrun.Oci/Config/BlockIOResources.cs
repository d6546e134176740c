namespace Csrun.Oci;

/// <summary>Disk weights and throttles of the cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Block IO".</remarks>
public sealed record BlockIOResources
{
    /// <summary>10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>10 to 1000, against child cgroups (cgroup v1).</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary>Weights by device.</summary>
    public IReadOnlyList<BlockIOWeightDevice> WeightDevice { get; init; } = [];

    /// <summary>Read limits, in bytes per second.</summary>
    public IReadOnlyList<BlockIOThrottleDevice> ThrottleReadBpsDevice { get; init; } = [];

    /// <summary>Write limits, in bytes per second.</summary>
    public IReadOnlyList<BlockIOThrottleDevice> ThrottleWriteBpsDevice { get; init; } = [];

    /// <summary>Read limits, in operations per second; JSON name <c>throttleReadIOPSDevice</c>.</summary>
    public IReadOnlyList<BlockIOThrottleDevice> ThrottleReadIopsDevice { get; init; } = [];

    /// <summary>Write limits, in operations per second; JSON name <c>throttleWriteIOPSDevice</c>.</summary>
    public IReadOnlyList<BlockIOThrottleDevice> ThrottleWriteIopsDevice { get; init; } = [];
}
