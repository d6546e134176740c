namespace Csrun.Oci;

/// <summary>A device node inside the container.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Devices"; mknod(2).</remarks>
public sealed record Device
{
    /// <summary><c>c</c> or <c>u</c> (character), <c>b</c> (block) or <c>p</c> (fifo).</summary>
    public string Type { get; init; } = "";

    /// <summary>Absolute path inside the container.</summary>
    public string Path { get; init; } = "";

    /// <summary>Major number; not for a fifo.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; not for a fifo.</summary>
    public long? Minor { get; init; }

    /// <summary>Permission bits, as a decimal number (438 is octal 666).</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner inside the container's user namespace; null is 0.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group inside the container's user namespace; null is 0.</summary>
    public uint? Gid { get; init; }
}
