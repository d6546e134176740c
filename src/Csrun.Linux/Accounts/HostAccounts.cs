namespace Csrun.Linux.Accounts;

/// <summary>The account files of the host, whole: for questions about IDs of anybody.</summary>
/// <param name="Users">/etc/passwd.</param>
/// <param name="Groups">/etc/group.</param>
/// <param name="SubUids">/etc/subuid.</param>
/// <param name="SubGids">/etc/subgid.</param>
public sealed record HostAccounts(PasswdFile Users, GroupFile Groups, SubIdFile SubUids, SubIdFile SubGids)
{
    /// <summary>Reads the four files; one that does not exist is empty.</summary>
    /// <param name="etc">Their directory.</param>
    /// <exception cref="CsrunException">A file exists and cannot be read.</exception>
    public static HostAccounts Read(string etc = "/etc") => new(
        PasswdFile.Parse(AccountFile.Read($"{etc}/passwd"), $"{etc}/passwd"),
        GroupFile.Parse(AccountFile.Read($"{etc}/group"), $"{etc}/group"),
        SubIdFile.Parse(AccountFile.Read($"{etc}/subuid"), $"{etc}/subuid"),
        SubIdFile.Parse(AccountFile.Read($"{etc}/subgid"), $"{etc}/subgid"));
}
