namespace Csrun.Linux.Accounts;

/// <summary>Whether newuidmap(1) or newgidmap(1) could do its work.</summary>
public enum MapToolState
{
    /// <summary>It is not in PATH.</summary>
    Missing,

    /// <summary>It is neither setuid root nor has the file capability.</summary>
    NoPrivilege,

    /// <summary>It lies on a file system that is mounted nosuid, where its privilege does not count.</summary>
    NosuidMount,

    /// <summary>csrun runs with no_new_privs, so that no program gains privilege (prctl(2)).</summary>
    NoNewPrivileges,

    /// <summary>It is setuid root, or has the file capability.</summary>
    Privileged,
}
