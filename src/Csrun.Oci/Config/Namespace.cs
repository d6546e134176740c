namespace Csrun.Oci;

/// <summary>A namespace of the container.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Namespaces"; namespaces(7).</remarks>
public sealed record Namespace
{
    /// <summary><c>pid</c>, <c>network</c>, <c>mount</c>, <c>ipc</c>, <c>uts</c>, <c>user</c>, <c>cgroup</c> or <c>time</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Namespace file to join, such as <c>/proc/42/ns/net</c>, in the runtime's mount namespace; null makes a new one.</summary>
    public string? Path { get; init; }
}
