using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary>One container that an engine names by its whole ID: found without a look at the others.</summary>
internal static class NamedContainer
{
    /// <summary>Opens it.</summary>
    /// <param name="caller">Where to look.</param>
    /// <param name="word">Its ID; else its name, or the beginning of its ID, as people write it.</param>
    /// <param name="whenNone">What to do where there is no container at all, as a command.</param>
    /// <exception cref="CsrunException">There is none.</exception>
    internal static Container Open(Caller caller, string word, string? whenNone = null)
    {
        if (Exact(caller, word) is { } exact)
        {
            return exact;
        }

        using ContainerList list = ContainerList.Look(caller.Roots);
        try
        {
            return list.Take(list.Find(word, whenNone));
        }
        catch (CsrunException failure) when (list.Containers.All(c => !c.Id.StartsWith(word, StringComparison.Ordinal)))
        {
            // The words that engines look for.
            throw new CsrunException($"container does not exist: {failure.Message}", failure.Why, failure.Fix);
        }
    }

    private static Container? Exact(Caller caller, string id)
    {
        if (id.Length == 0 || id.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (string path in caller.Roots.ContainerParents)
        {
            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            if (!opened.Ok)
            {
                continue;
            }

            using SafeFd parent = new(opened.Int);
            Container? container = Container.Open(parent, path, id);
            if (container is { Record: not null })
            {
                return container;
            }

            container?.Dispose();
        }

        return null;
    }
}
