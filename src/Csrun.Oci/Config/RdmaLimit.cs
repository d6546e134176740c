namespace Csrun.Oci;

/// <summary>RDMA limits of one device.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "RDMA".</remarks>
public sealed record RdmaLimit
{
    /// <summary>Most HCA handles.</summary>
    public uint? HcaHandles { get; init; }

    /// <summary>Most HCA objects.</summary>
    public uint? HcaObjects { get; init; }
}
