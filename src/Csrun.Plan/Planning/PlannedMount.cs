using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>A mount of the configuration on its way through the plan.</summary>
internal sealed class PlannedMount(Mount mount, MountOptions options)
{
    /// <summary>The configuration's entry.</summary>
    public Mount Mount => mount;

    /// <summary>Its options, sorted.</summary>
    public MountOptions Options => options;

    /// <summary>What makes it of several mounts, where it is control groups of version 1.</summary>
    public CgroupMountPlanner? Cgroups { get; set; }

    /// <summary>The detached mount, once a step makes it.</summary>
    public FdSlot? Slot { get; set; }
}
