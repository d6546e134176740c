namespace Csrun.Plan.Cgroups;

/// <summary>Who makes a container's control group.</summary>
public enum CgroupDriver
{
    /// <summary>csrun, with mkdir(2).</summary>
    Cgroupfs,

    /// <summary>systemd, as a transient scope: it owns the tree, and gives csrun the part below (<c>Delegate=yes</c>).</summary>
    Systemd,
}
