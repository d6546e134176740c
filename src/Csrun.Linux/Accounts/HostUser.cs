using System.Collections.Immutable;

namespace Csrun.Linux.Accounts;

/// <summary>Looks users of the host up, as getpwuid(3) would, without loading name service modules where /etc/passwd suffices.</summary>
public static class HostUser
{
    /// <summary>The user with this ID, or null where neither the file nor the name service knows one.</summary>
    /// <param name="uid">The user ID, in csrun's own namespace.</param>
    /// <param name="etc">The directory of the account files; another one than /etc is the only source then.</param>
    /// <exception cref="CsrunException">The file cannot be read.</exception>
    public static PasswdEntry? Find(uint uid, string etc = "/etc") =>
        FindInFile(uid, etc) ?? (etc == "/etc" ? LibC.GetPwUid(uid) : null);

    /// <summary>The user with this ID in /etc/passwd alone; no name service is asked.</summary>
    /// <param name="uid">The user ID, in csrun's own namespace.</param>
    /// <param name="etc">The directory of the account files.</param>
    /// <exception cref="CsrunException">The file cannot be read.</exception>
    public static PasswdEntry? FindInFile(uint uid, string etc = "/etc") => PasswdFile.Find(AccountFile.Read($"{etc}/passwd"), uid, $"{etc}/passwd");

    /// <summary>Every user that the C library lists, as <c>getent passwd</c> does: of all sources of nsswitch.conf(5) that list theirs.</summary>
    public static ImmutableArray<(string Name, uint Uid)> All() => LibC.GetPwEnt();
}
