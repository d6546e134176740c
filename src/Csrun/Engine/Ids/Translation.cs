using Csrun.Linux.IdMaps;

namespace Csrun.Engine.Ids;

/// <summary>What was followed for one word of <c>csrun idmap translate</c>.</summary>
/// <param name="Path">The file, or null for an ID.</param>
/// <param name="Mount">The mount's map; null where it has none.</param>
/// <param name="MountUnknown">Whether the mount is ID-mapped and the kernel does not tell the map.</param>
/// <param name="Container">The container's maps.</param>
/// <param name="ContainerName">Whose they are, for people.</param>
/// <param name="Ways">The IDs: a user's, a group's or both.</param>
internal sealed record Translation(string? Path, IdMapPair? Mount, bool MountUnknown, IdMapPair Container, string ContainerName, IReadOnlyList<IdWay> Ways);
