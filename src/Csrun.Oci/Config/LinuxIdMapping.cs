namespace Csrun.Oci;

/// <summary>A range of IDs of one kind, mapped between two sides.</summary>
/// <param name="ContainerID">First ID inside the container (for a mount: on disk).</param>
/// <param name="HostID">First ID in the runtime's user namespace (for a mount: what the IDs on disk count as).</param>
/// <param name="Size">How many IDs follow one another; at least 1.</param>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "User namespace mappings"; user_namespaces(7).</remarks>
public readonly record struct LinuxIdMapping(uint ContainerID, uint HostID, uint Size)
{
    /// <summary>As csrun's command line writes it: <c>C:H:N</c>.</summary>
    public override string ToString() => $"{ContainerID}:{HostID}:{Size}";
}
