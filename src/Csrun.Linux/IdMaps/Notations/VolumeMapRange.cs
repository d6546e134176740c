namespace Csrun.Linux.IdMaps.Notations;

/// <summary>One range of <see cref="VolumeMapNotation"/>.</summary>
/// <param name="Mapping">The ID on disk first, then what it counts as, then how many.</param>
/// <param name="Relative">Whether the second number is an ID of the container (<c>@</c>), and not one of the host.</param>
public readonly record struct VolumeMapRange(IdMapping Mapping, bool Relative);
