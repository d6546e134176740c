namespace Csrun.Linux.IdMaps;

/// <summary>A user ID as one mount shows it, after that mount's map: the kernel's vfsuid_t. Only what a mount has translated may be compared with the host's IDs.</summary>
/// <param name="Value">The number.</param>
public readonly record struct VfsUid(uint Value)
{
    /// <summary>The same ID as one of the host: what a process is that this file belongs to.</summary>
    public HostUid ToHost() => new(Value);

    /// <summary>An ID of the host as it acts through a mount.</summary>
    public static VfsUid Of(HostUid host) => new(host.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
