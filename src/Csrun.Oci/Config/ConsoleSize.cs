namespace Csrun.Oci;

/// <summary>Size of a terminal, in characters.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Process", consoleSize.</remarks>
public sealed record ConsoleSize
{
    /// <summary>Rows.</summary>
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    public uint Width { get; init; }
}
