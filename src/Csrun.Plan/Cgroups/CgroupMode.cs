namespace Csrun.Plan.Cgroups;

/// <summary>How a host's control groups are laid out (cgroups(7)).</summary>
public enum CgroupMode
{
    /// <summary>None are mounted.</summary>
    None,

    /// <summary>Version 1: a hierarchy for each controller, or for a few together.</summary>
    V1,

    /// <summary>Version 1 for the controllers, and beside it a version 2 hierarchy that has few or none of them.</summary>
    Hybrid,

    /// <summary>Version 2 alone: one hierarchy with all controllers.</summary>
    Unified,
}
