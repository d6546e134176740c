namespace Csrun.Oci;

/// <summary>Execution domain of the container.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Personality"; personality(2).</remarks>
public sealed record Personality
{
    /// <summary><c>LINUX</c> or <c>LINUX32</c>.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Reserved by the specification.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}
