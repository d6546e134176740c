namespace Csrun.Oci;

/// <summary>Programs run at points of the container's life, in their order.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "POSIX-platform Hooks".</remarks>
public sealed record Hooks
{
    /// <summary>Deprecated form of <see cref="CreateRuntime"/>, run before it.</summary>
    public IReadOnlyList<Hook> Prestart { get; init; } = [];

    /// <summary>In the runtime's namespaces, before pivot_root(2).</summary>
    public IReadOnlyList<Hook> CreateRuntime { get; init; } = [];

    /// <summary>In the container's namespaces, before pivot_root(2).</summary>
    public IReadOnlyList<Hook> CreateContainer { get; init; } = [];

    /// <summary>In the container, before its process is executed.</summary>
    public IReadOnlyList<Hook> StartContainer { get; init; } = [];

    /// <summary>In the runtime's namespaces, after the process was started.</summary>
    public IReadOnlyList<Hook> Poststart { get; init; } = [];

    /// <summary>In the runtime's namespaces, after the container was deleted.</summary>
    public IReadOnlyList<Hook> Poststop { get; init; } = [];

    /// <summary>The hooks of one kind.</summary>
    /// <param name="kind">Its name in the configuration.</param>
    public IReadOnlyList<Hook> Of(string kind) => kind switch
    {
        "prestart" => Prestart,
        "createRuntime" => CreateRuntime,
        "createContainer" => CreateContainer,
        "startContainer" => StartContainer,
        "poststart" => Poststart,
        "poststop" => Poststop,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of hooks"),
    };
}
