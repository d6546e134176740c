using System.Collections.Immutable;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Planning;

namespace Csrun.Engine;

/// <summary>In which way the volumes of a container got their ID maps, for <c>inspect</c>.</summary>
internal static class VolumeTiers
{
    /// <summary>The annotation's name, to which the mount's destination is added.</summary>
    internal const string Prefix = "org.csrun.idmap:";

    /// <summary>An annotation for each volume that asked for an ID map.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="facts">What the plan was made from.</param>
    internal static ImmutableSortedDictionary<string, string> Of(Spec spec, HostFacts facts)
    {
        ImmutableSortedDictionary<string, string> tiers = ImmutableSortedDictionary<string, string>.Empty;
        foreach (Mount mount in spec.Mounts)
        {
            if (IdMapTiers.WantsOwnTmpfs(mount))
            {
                tiers = tiers.SetItem(Prefix + mount.Destination, "mapped in the container's own user namespace");
            }
            else if (IdMapTiers.Wants(mount))
            {
                tiers = tiers.SetItem(Prefix + mount.Destination, IdMapTiers.Choose(spec, mount, facts) switch
                {
                    IdMapTier.NotNeeded => "not needed: the user namespace's map gives the same owners",
                    IdMapTier.Itself => "mapped by csrun as root",
                    IdMapTier.ByBroker => "mapped by the broker",
                    IdMapTier.ByBindfs => "served by bindfs",
                    _ => "refused",
                });
            }
        }

        return tiers;
    }
}
