using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>A host ID as one of a user's subordinate IDs.</summary>
/// <param name="Owner">The user.</param>
/// <param name="Range">The line of /etc/subuid or /etc/subgid.</param>
/// <param name="ContainerId">Who it is in that user's containers, by the default map; null where the user has no account.</param>
public sealed record SubordinateId(string Owner, IdRange Range, uint? ContainerId);
