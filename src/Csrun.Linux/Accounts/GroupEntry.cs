using System.Collections.Immutable;

namespace Csrun.Linux.Accounts;

/// <summary>A group of a group(5) file.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Gid">The group ID.</param>
/// <param name="Members">The names of the users it lists.</param>
public sealed record GroupEntry(string Name, uint Gid, ImmutableArray<string> Members);
