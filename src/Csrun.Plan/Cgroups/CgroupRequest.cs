using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>What a container's control group is planned from.</summary>
public sealed record CgroupRequest
{
    /// <summary>The container's ID.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container.</summary>
    public required Spec Spec { get; init; }

    /// <summary>The host, looked at for <see cref="CgroupPlanner.PathOf"/>.</summary>
    public required CgroupLayout Layout { get; init; }

    /// <summary>Whether systemd is to make the group (runc's <c>--systemd-cgroup</c>).</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>Whether the container is to have a group where that is possible, even when nothing asks for one.</summary>
    public bool Wished { get; init; }
}
