using System.Collections.Immutable;
using Csrun.Plan.Planning;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>In which way the volumes of a container got their ID maps, for the user and for <c>inspect</c>.</summary>
internal static class VolumeTiers
{
    /// <summary>The annotation's name, to which the mount's destination is added.</summary>
    internal const string Prefix = "org.csrun.idmap:";

    /// <summary>An annotation for each volume that asked for an ID map.</summary>
    internal static ImmutableSortedDictionary<string, string> Annotations(ImmutableArray<MappedVolume> volumes)
    {
        ImmutableSortedDictionary<string, string> tiers = ImmutableSortedDictionary<string, string>.Empty;
        foreach ((Oci.Mount mount, IdMapTier tier) in volumes)
        {
            tiers = tiers.SetItem(Prefix + mount.Destination, tier switch
            {
                IdMapTier.ByContainer => "mapped in the container's own user namespace",
                IdMapTier.NotNeeded => "not needed: the user namespace's map gives the same owners",
                IdMapTier.Itself => "mapped by csrun as root",
                IdMapTier.ByBroker => "mapped by the broker",
                IdMapTier.ByBindfs => "served by bindfs",
                _ => "refused",
            });
        }

        return tiers;
    }

    /// <summary>Says what a volume cannot do that bindfs serves.</summary>
    internal static void Note(ImmutableArray<MappedVolume> volumes)
    {
        foreach ((Oci.Mount mount, IdMapTier tier) in volumes)
        {
            if (tier is IdMapTier.ByBindfs served)
            {
                Notes.Write(IdMapTiers.BindfsNote(mount, served));
            }
        }
    }
}
