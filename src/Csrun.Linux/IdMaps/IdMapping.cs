namespace Csrun.Linux.IdMaps;

/// <summary>One line of a user namespace's uid_map or gid_map.</summary>
/// <param name="ContainerId">First ID inside the namespace.</param>
/// <param name="HostId">First ID outside, in the parent namespace (the host's, unless nested).</param>
/// <param name="Size">How many IDs follow one another; never 0 in a valid map.</param>
/// <remarks>user_namespaces(7), "User and group ID mappings"; OCI runtime-spec linux.uidMappings.</remarks>
public readonly record struct IdMapping(uint ContainerId, uint HostId, uint Size)
{
    /// <summary>As csrun's command line writes it: <c>C:H:N</c>.</summary>
    public override string ToString() => $"{ContainerId}:{HostId}:{Size}";
}
