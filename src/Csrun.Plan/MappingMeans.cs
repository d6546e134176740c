using Csrun.Linux.Abi;

namespace Csrun.Plan;

/// <summary>Who could map mounts for a caller who may not.</summary>
public sealed record MappingMeans
{
    /// <summary>The broker's socket.</summary>
    public required string BrokerSocket { get; init; }

    /// <summary>Whether the broker listens: <see cref="Errno.None"/>, else what connect(2) answered.</summary>
    public required Errno Broker { get; init; }

    /// <summary>bindfs(1); null where PATH has none, or it was not looked for because the broker listens.</summary>
    public string? Bindfs { get; init; }

    /// <summary>Whether /dev/fuse can be opened, which bindfs needs: <see cref="Errno.None"/>, else what openat2(2) answered.</summary>
    public Errno Fuse { get; init; }
}
