using System.Collections.Immutable;

namespace Csrun.Plan.Cgroups;

/// <summary>A container's control group: where it is and what it is set to; immutable, made before anything is touched.</summary>
public sealed record CgroupPlan
{
    /// <summary>Who makes it.</summary>
    public required CgroupDriver Driver { get; init; }

    /// <summary>How the host is laid out.</summary>
    public required CgroupMode Mode { get; init; }

    /// <summary>The groups, one a hierarchy. For systemd's driver, the hierarchies, with the path that systemd is expected to choose.</summary>
    public required ImmutableArray<CgroupGroup> Groups { get; init; }

    /// <summary>The unit, for systemd's driver.</summary>
    public SystemdUnit? Unit { get; init; }

    /// <summary>The unit's properties: what systemd writes again when it reloads.</summary>
    public ImmutableArray<UnitProperty> Properties { get; init; } = [];

    /// <summary>Whether the caller's own systemd makes the unit.</summary>
    public bool UserUnit { get; init; }

    /// <summary>The settings, in the order in which they are written.</summary>
    public ImmutableArray<CgroupWrite> Writes { get; init; } = [];

    /// <summary>Which devices may be used; null: as the parent group has it.</summary>
    public DeviceRuleSet? Devices { get; init; }

    /// <summary>Whether somebody asked for it, so that its lack is a failure.</summary>
    public required bool Asked { get; init; }

    /// <summary>The group that clone3 puts the child into (CLONE_INTO_CGROUP, Linux 5.7); null: the child is moved after it was made.</summary>
    public CgroupGroup? IntoAtClone => Driver == CgroupDriver.Cgroupfs && Mode == CgroupMode.Unified ? Groups[0] : null;
}
