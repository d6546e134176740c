using Csrun.Linux.Abi;

namespace Csrun.Plan;

/// <summary>Who could map mounts for a caller who may not.</summary>
public sealed record MappingMeans
{
    /// <summary>The broker's socket.</summary>
    public required string BrokerSocket { get; init; }

    /// <summary>Whether the broker listens: <see cref="Errno.None"/>, else what connect(2) answered.</summary>
    public required Errno Broker { get; init; }
}
