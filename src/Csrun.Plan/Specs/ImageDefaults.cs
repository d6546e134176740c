namespace Csrun.Plan.Specs;

/// <summary>What an image says about the process that is made of it; all of it can be overruled.</summary>
/// <remarks>OCI image-spec, config.md, "config". Labels, volumes, ports and annotations of an image are not taken: an image has no say in how the host treats it.</remarks>
public sealed record ImageDefaults
{
    /// <summary>An image that says nothing, such as a root file system tarball.</summary>
    public static ImageDefaults None { get; } = new();

    /// <summary>Variables, <c>KEY=VALUE</c>.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>The words before the command.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>The command when none is given.</summary>
    public IReadOnlyList<string> Cmd { get; init; } = [];

    /// <summary><c>USER[:GROUP]</c>, or null.</summary>
    public string? User { get; init; }

    /// <summary>The working directory, or null.</summary>
    public string? Workdir { get; init; }
}
