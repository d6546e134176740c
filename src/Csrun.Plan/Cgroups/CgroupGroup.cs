using System.Collections.Immutable;

namespace Csrun.Plan.Cgroups;

/// <summary>A container's group in one hierarchy.</summary>
/// <param name="Hierarchy">The hierarchy's name in /proc/PID/cgroup; empty for version 2.</param>
/// <param name="Controllers">Its controllers.</param>
/// <param name="MountPoint">Where the hierarchy is mounted.</param>
/// <param name="Path">The group below it, with a leading slash.</param>
public sealed record CgroupGroup(string Hierarchy, ImmutableArray<string> Controllers, string MountPoint, string Path)
{
    /// <summary>Whether the hierarchy is version 2.</summary>
    public bool IsV2 => Hierarchy.Length == 0;

    /// <summary>The group's directory on the host.</summary>
    public string Directory => MountPoint + Path;
}
