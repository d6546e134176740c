using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Planning;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>Says which volumes ask for an ID map that the kernel grants to root of the host only, for now.</summary>
internal static class IdMappedVolumes
{
    /// <summary>Writes a note for each.</summary>
    internal static void Note(Spec spec, HostFacts facts)
    {
        if (facts.IsPrivileged)
        {
            return;
        }

        foreach (Mount mount in spec.Mounts)
        {
            if (PlanContext.WantsIdMap(mount))
            {
                Notes.Write($"\"{mount.Destination}\" is mounted without its ID map: the kernel lets only root map mounts of \"{mount.Source}\", so its files show with the owners that the container's own map gives them");
            }
        }
    }
}
