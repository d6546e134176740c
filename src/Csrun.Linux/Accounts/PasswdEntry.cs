namespace Csrun.Linux.Accounts;

/// <summary>A user of a passwd(5) file.</summary>
/// <param name="Name">The login name.</param>
/// <param name="Uid">The user ID, in the namespace of the file's reader.</param>
/// <param name="Gid">The ID of the primary group.</param>
/// <param name="Home">The home directory; may be empty.</param>
public sealed record PasswdEntry(string Name, uint Uid, uint Gid, string Home);
