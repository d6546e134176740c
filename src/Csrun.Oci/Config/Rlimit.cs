namespace Csrun.Oci;

/// <summary>A resource limit.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "POSIX process", rlimits; getrlimit(2).</remarks>
public sealed record Rlimit
{
    /// <summary>Name such as <c>RLIMIT_NOFILE</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The limit in force, in the unit of getrlimit(2); 18446744073709551615 is unlimited.</summary>
    public ulong Soft { get; init; }

    /// <summary>How far the process may raise the soft limit, in the same unit.</summary>
    public ulong Hard { get; init; }
}
