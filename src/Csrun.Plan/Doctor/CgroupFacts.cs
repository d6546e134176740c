namespace Csrun.Plan.Doctor;

/// <summary>Control groups, as the caller has them.</summary>
/// <param name="Version">2 for the unified hierarchy, 1 for the older ones, 0 for none.</param>
/// <param name="Path">The caller's own group in the unified hierarchy, or null.</param>
/// <param name="Controllers">Its cgroup.controllers, or null.</param>
/// <param name="Delegated">Whether the caller may make groups in it.</param>
public sealed record CgroupFacts(int Version, string? Path, string? Controllers, bool Delegated);
