namespace Csrun.Oci;

/// <summary>Throttle of one block device.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Block IO", throttle*Device.</remarks>
public sealed record BlockIOThrottleDevice
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Bytes or operations per second, after the list it is in.</summary>
    public ulong Rate { get; init; }
}
