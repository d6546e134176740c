using Csrun.Labs.Lessons;
using Csrun.Labs.Model;

namespace Csrun.Labs;

/// <summary>The labs, in the order in which one learns from them.</summary>
public static class LabTable
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Lab> All { get; } =
    [
        DockerRootful.Lab,
        DockerRootless.Lab,
        VolumeOwners.Lab,
        KeepId.Lab,
        VolumeOptionU.Lab,
        UnshareChown.Lab,
        LxcMappedMount.Lab,
        MappedTmpfs.Lab,
        LxcNamespace.Lab,
        LxcContainer.Lab,
        RootlessDetached.Lab,
        ManyMaps.Lab,
        NoRootInMap.Lab,
        VfatForTwo.Lab,
        PortableHome.Lab,
        WhichFileSystems.Lab,
        MapAMappedMount.Lab,
        BrokerVolume.Lab,
    ];

    /// <summary>The lab of that name, or null.</summary>
    public static Lab? Find(string name) => All.FirstOrDefault(lab => lab.Name == name);
}
