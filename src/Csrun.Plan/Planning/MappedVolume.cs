using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>A mount that asked for an ID map of its own, and in which way the plan gives it one.</summary>
/// <param name="Mount">The mount.</param>
/// <param name="Tier">The way.</param>
public sealed record MappedVolume(Mount Mount, IdMapTier Tier);
