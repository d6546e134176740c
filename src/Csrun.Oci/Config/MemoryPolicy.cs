namespace Csrun.Oci;

/// <summary>NUMA memory policy.</summary>
/// <remarks>OCI runtime-spec 1.3, config-linux.md, "Memory policy"; set_mempolicy(2).</remarks>
public sealed record MemoryPolicy
{
    /// <summary>Such as <c>MPOL_BIND</c>.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Memory nodes, such as <c>0-1</c>.</summary>
    public string? Nodes { get; init; }

    /// <summary>Such as <c>MPOL_F_STATIC_NODES</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}
