using System.Collections.Immutable;

namespace Csrun.Linux.Accounts;

/// <summary>The identity that a container's process gets. All IDs are container IDs.</summary>
/// <param name="Uid">The user ID.</param>
/// <param name="Gid">The primary group.</param>
/// <param name="AdditionalGids">What setgroups(2) gets: the primary group and the supplementary ones, without repetition.</param>
/// <param name="Home">HOME; / where the image's passwd file has no such user or names no home.</param>
/// <param name="Name">The user's name, or null where the image's passwd file has none.</param>
public sealed record ResolvedUser(uint Uid, uint Gid, ImmutableArray<uint> AdditionalGids, string Home, string? Name);
