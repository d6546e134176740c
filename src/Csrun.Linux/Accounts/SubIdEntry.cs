using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>A line of /etc/subuid or /etc/subgid.</summary>
/// <param name="Owner">The user's name or user ID in digits, as the file has it.</param>
/// <param name="Range">The subordinate IDs, in the host's namespace.</param>
public sealed record SubIdEntry(string Owner, IdRange Range);
