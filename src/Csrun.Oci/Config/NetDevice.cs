namespace Csrun.Oci;

/// <summary>A network device to move into the container.</summary>
/// <remarks>OCI runtime-spec 1.3, config-linux.md, "Network Devices".</remarks>
public sealed record NetDevice
{
    /// <summary>Name inside the container; null keeps the host's.</summary>
    public string? Name { get; init; }
}
