namespace Csrun.Oci;

/// <summary>A program run at a point of the container's life.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "POSIX-platform Hooks".</remarks>
public sealed record Hook
{
    /// <summary>Absolute path of the program.</summary>
    public string Path { get; init; } = "";

    /// <summary>argv, with the program's name first; empty is the path alone.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Environment as <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Seconds until it is aborted; at least 1.</summary>
    public int? Timeout { get; init; }
}
