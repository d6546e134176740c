namespace Csrun.Linux.IdMaps;

/// <summary>A group ID as one mount shows it, after that mount's map: the kernel's vfsgid_t. Only what a mount has translated may be compared with the host's IDs.</summary>
/// <param name="Value">The number.</param>
public readonly record struct VfsGid(uint Value)
{
    /// <summary>The same ID as one of the host: what a process is that this file belongs to.</summary>
    public HostGid ToHost() => new(Value);

    /// <summary>An ID of the host as it acts through a mount.</summary>
    public static VfsGid Of(HostGid host) => new(host.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
