namespace Csrun.Oci;

/// <summary>The five capability sets of a process, by names such as <c>CAP_CHOWN</c>.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux Process", capabilities; capabilities(7).</remarks>
public sealed record Capabilities
{
    /// <summary>What execve(2) can ever give.</summary>
    public IReadOnlyList<string> Bounding { get; init; } = [];

    /// <summary>What the kernel checks.</summary>
    public IReadOnlyList<string> Effective { get; init; } = [];

    /// <summary>Kept over execve(2) for files that have them inheritable.</summary>
    public IReadOnlyList<string> Inheritable { get; init; } = [];

    /// <summary>Superset of the effective ones.</summary>
    public IReadOnlyList<string> Permitted { get; init; } = [];

    /// <summary>Kept over execve(2) of ordinary programs.</summary>
    public IReadOnlyList<string> Ambient { get; init; } = [];
}
