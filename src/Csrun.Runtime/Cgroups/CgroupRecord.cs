using System.Collections.Immutable;
using Csrun.Plan.Cgroups;

namespace Csrun.Runtime.Cgroups;

/// <summary>Which control group a container has, as its record keeps it.</summary>
/// <param name="Driver">Who made it.</param>
/// <param name="Groups">The groups, one a hierarchy.</param>
/// <param name="Unit">systemd's unit, for its driver.</param>
/// <param name="UserUnit">Whether the unit is of the caller's own systemd.</param>
public sealed record CgroupRecord(CgroupDriver Driver, ImmutableArray<CgroupGroup> Groups, string? Unit = null, bool UserUnit = false);
