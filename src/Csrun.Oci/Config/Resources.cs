using System.Collections.ObjectModel;

namespace Csrun.Oci;

/// <summary>Limits of the container's cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Control groups".</remarks>
public sealed record Resources
{
    /// <summary>Which device nodes may be used; later entries win.</summary>
    public IReadOnlyList<DeviceCgroupRule> Devices { get; init; } = [];

    /// <summary>Memory limits.</summary>
    public MemoryResources? Memory { get; init; }

    /// <summary>CPU time and placement.</summary>
    public CpuResources? Cpu { get; init; }

    /// <summary>Number of tasks.</summary>
    public PidsResources? Pids { get; init; }

    /// <summary>Disk weights and throttles; JSON name <c>blockIO</c>.</summary>
    public BlockIOResources? BlockIO { get; init; }

    /// <summary>Huge page limits, one a page size.</summary>
    public IReadOnlyList<HugepageLimit> HugepageLimits { get; init; } = [];

    /// <summary>Traffic class and priorities (cgroup v1).</summary>
    public NetworkResources? Network { get; init; }

    /// <summary>RDMA limits by device name.</summary>
    public IReadOnlyDictionary<string, RdmaLimit> Rdma { get; init; } = ReadOnlyDictionary<string, RdmaLimit>.Empty;

    /// <summary>cgroup v2 files and what to write to them.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
