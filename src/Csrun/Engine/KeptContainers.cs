using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>Containers that stay after their end, and with them the images they were made of: their layers lie over the images' trees.</summary>
internal static class KeptContainers
{
    /// <summary>For each digest of an image that a container needs, one such container's name.</summary>
    internal static IReadOnlyDictionary<string, string> ByImage(Caller caller)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        using ContainerList list = ContainerList.Look(caller.Roots);
        foreach (Container container in list.Containers)
        {
            if (container.Record?.ImageDigest is { } digest && ContainerDirectory.IsKept(container.Directory))
            {
                found[digest] = container.DisplayName;
            }
        }

        return found;
    }
}
