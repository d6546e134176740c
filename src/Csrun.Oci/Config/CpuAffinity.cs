namespace Csrun.Oci;

/// <summary>CPUs of exec processes.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux Process", execCPUAffinity.</remarks>
public sealed record CpuAffinity
{
    /// <summary>CPUs while the runtime joins the container's cgroup, such as <c>0-3,7</c>.</summary>
    public string? Initial { get; init; }

    /// <summary>CPUs once it has.</summary>
    public string? Final { get; init; }
}
