namespace Csrun.Oci;

/// <summary>The container's root file system.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Root".</remarks>
public sealed record Root
{
    /// <summary>Directory on the host; relative paths start at the bundle.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether it is mounted read-only inside the container.</summary>
    public bool Readonly { get; init; }
}
