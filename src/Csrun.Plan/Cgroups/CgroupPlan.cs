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

    /// <summary>Whether csrun moves the child once it is there: systemd makes a scope around a process, and an ordinary user's systemd
    /// moves what the kernel does not let the user move. Otherwise the child begins in its groups, which costs less.</summary>
    public bool MovedLater => Unit is not null || (Driver == CgroupDriver.Systemd && Mode == CgroupMode.Unified);

    /// <summary>The group of version 2 that clone3 puts the child into (CLONE_INTO_CGROUP, Linux 5.7); null: there is none.</summary>
    public CgroupGroup? IntoAtClone => MovedLater ? null : Groups.FirstOrDefault(g => g.IsV2);

    /// <summary>The groups of version 1, which the child joins by itself (<see cref="Ops.JoinTasksOp"/>).</summary>
    public IEnumerable<CgroupGroup> JoinedByChild => MovedLater ? [] : Groups.Where(g => !g.IsV2);
}
