using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Planning;

/// <summary>In which way a mount gets the ID map that the configuration asks for; the cheapest that works is taken.</summary>
/// <remarks>docs/adr/0014-idmap-tiers.md.</remarks>
public abstract record IdMapTier
{
    /// <summary>The user namespace's own map gives the files the wanted owners: a plain bind mount.</summary>
    public sealed record NotNeeded : IdMapTier;

    /// <summary>It is a file system in memory, which the container's own root may map.</summary>
    public sealed record ByContainer : IdMapTier;

    /// <summary>csrun is root of the host and maps the mount itself.</summary>
    public sealed record Itself : IdMapTier;

    /// <summary>The broker maps it.</summary>
    /// <param name="Maps">The mount's maps: on disk (as container ID) to the ID of the host that it shows.</param>
    public sealed record ByBroker(IdMapPair Maps) : IdMapTier;

    /// <summary>A bindfs process of the caller's shows the files as one user's and group's.</summary>
    /// <param name="Uid">That user, as the container names it.</param>
    /// <param name="Gid">That group likewise.</param>
    public sealed record ByBindfs(uint Uid, uint Gid) : IdMapTier;

    /// <summary>There is no way.</summary>
    public sealed record Refused : IdMapTier;
}
