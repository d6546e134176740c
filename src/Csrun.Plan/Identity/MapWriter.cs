namespace Csrun.Plan.Identity;

/// <summary>Who writes uid_map and gid_map of the new user namespace.</summary>
public enum MapWriter
{
    /// <summary>Nobody: there is no new user namespace.</summary>
    None,

    /// <summary>csrun's parent, with its capabilities: /proc/PID/uid_map and gid_map.</summary>
    Direct,

    /// <summary>newuidmap(1) and newgidmap(1).</summary>
    NewIdMapTools,

    /// <summary>csrun without privilege: one line for the caller's own ID in each map, after setgroups=deny (user_namespaces(7)).</summary>
    SelfSingle,
}
