using Csrun.Linux.Abi;

namespace Csrun.Plan.Specs;

/// <summary>What a specification takes from the caller and the host.</summary>
public sealed record CallerFacts
{
    /// <summary>The caller's working directory: where relative volume sources start.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>What <c>ALL</c> in <c>--cap-add</c> stands for: what the kernel knows and csrun may give.</summary>
    public required CapabilitySet AvailableCapabilities { get; init; }

    /// <summary>The caller's TERM, or null.</summary>
    public string? Term { get; init; }

    /// <summary>The host's name, which a container in the host's network takes over; null: unknown.</summary>
    public string? HostName { get; init; }

    /// <summary>The thermal_throttle directories of the processors, which Docker masks since version 28.</summary>
    public IReadOnlyList<string> ThermalThrottle { get; init; } = [];
}
