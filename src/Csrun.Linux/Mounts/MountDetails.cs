using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Mounts;

/// <summary>What statmount(2) says of one mount.</summary>
/// <param name="OldId">The ID that /proc/PID/mountinfo has.</param>
/// <param name="IsIdMapped">Whether the mount is ID-mapped.</param>
/// <param name="Maps">Its maps, from IDs on disk to the IDs it shows in csrun's own user namespace; null where the kernel cannot tell (before Linux 6.15) or it has none.</param>
/// <remarks>Parts of a map that csrun's own user namespace has no IDs for are left out by the kernel.</remarks>
public sealed record MountDetails(int OldId, bool IsIdMapped, IdMapPair? Maps);
