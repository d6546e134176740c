using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Cgroups;

namespace Csrun.Engine;

/// <summary>Whether a container gets a control group of its own. The host is looked at only when something wants one.</summary>
internal static class CgroupChoice
{
    /// <summary>Decides.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="spec">The container.</param>
    /// <param name="containerId">Its ID.</param>
    /// <param name="wished">Whether it is to have one where that is possible: one that goes on without csrun's caller, so that it can be paused and counted.</param>
    /// <returns>Null: it stays in csrun's own.</returns>
    internal static CgroupPlan? Choose(Caller caller, Spec spec, string containerId, bool wished)
    {
        if (!wished && !caller.SystemdCgroup && !CgroupPlanner.Asks(spec, caller.Uid == 0 && caller.InitialUserNamespace))
        {
            return null;
        }

        return CgroupPlanner.Plan(new CgroupRequest
        {
            ContainerId = containerId,
            Spec = spec,
            Layout = CgroupProbe.Probe(spec, containerId),
            SystemdCgroup = caller.SystemdCgroup,
            Wished = wished,
        });
    }
}
