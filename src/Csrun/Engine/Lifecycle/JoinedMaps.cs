using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Runtime.Mounts;

namespace Csrun.Engine.Lifecycle;

/// <summary>ID mappings beside the path of a user namespace: they have to be those that the namespace has, which nobody can change any more.</summary>
internal static class JoinedMaps
{
    /// <summary>Compares, where the namespace is that of a process and so can be read.</summary>
    /// <exception cref="CsrunException">The configuration says something else: its IDs would not be the container's.</exception>
    internal static void Check(Spec spec)
    {
        if (spec.Linux is not { } linux || (linux.UidMappings.Count == 0 && linux.GidMappings.Count == 0)
            || linux.Namespaces.FirstOrDefault(n => n.Type == "user")?.Path is not { } path
            || path.Split('/') is not ["", "proc", var pid, "ns", "user"] || UserNamespaces.MapsOf(pid) is not { } maps)
        {
            return;
        }

        List<string> mistakes = [];
        Compare("$.linux.uidMappings", linux.UidMappings, maps.Uid, mistakes);
        Compare("$.linux.gidMappings", linux.GidMappings, maps.Gid, mistakes);
        if (mistakes.Count != 0)
        {
            throw new CsrunException(string.Join('\n', mistakes), $"the user namespace \"{path}\" has its maps already: cat /proc/{pid}/uid_map /proc/{pid}/gid_map", "leave the mappings out, or write those of the namespace");
        }
    }

    private static void Compare(string at, IReadOnlyList<LinuxIdMapping> asked, IdMap real, List<string> mistakes)
    {
        for (int i = 0; i < asked.Count; i++)
        {
            LinuxIdMapping one = asked[i];
            if (one.Size != 0 && (real.ToHost(one.ContainerID) != one.HostID || real.ToHost(one.ContainerID + one.Size - 1) != one.HostID + one.Size - 1))
            {
                mistakes.Add($"{at}[{i}]: {one.ContainerID} {one.HostID} {one.Size} is not how the namespace that is entered maps these IDs");
            }
        }
    }
}
