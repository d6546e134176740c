using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.State;

/// <summary>All containers of one state directory.</summary>
public sealed class ContainerList : IDisposable
{
    private readonly List<Container> _containers = [];

    private ContainerList()
    {
    }

    /// <summary>The containers, the newest first.</summary>
    public IReadOnlyList<Container> Containers => _containers;

    /// <summary>Looks at all that there are.</summary>
    /// <param name="roots">Where state is kept.</param>
    public static ContainerList Look(StateRoots roots)
    {
        ContainerList list = new();
        foreach (string path in roots.ContainerParents)
        {
            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            if (!opened.Ok)
            {
                continue; // nobody ran a container yet
            }

            using SafeFd parent = new(opened.Int);
            foreach (string name in DirectoryNames.Of(parent))
            {
                if (Container.Open(parent, path, name) is { } container)
                {
                    list._containers.Add(container);
                }
            }
        }

        list._containers.Sort(static (a, b) => Created(b).CompareTo(Created(a)));
        return list;
    }

    /// <summary>The one that a name, an ID or the beginning of an ID means.</summary>
    /// <param name="word">What names it.</param>
    /// <param name="whenNone">What helps where there is no container at all: nothing does for a verb that ends or removes them.</param>
    /// <exception cref="CsrunException">None, or several.</exception>
    public Container Find(string word, string? whenNone = null)
    {
        Container? byPrefix = null;
        List<string> several = [];
        foreach (Container container in _containers)
        {
            if (container.Id == word || container.Record?.Name == word)
            {
                return container;
            }

            if (word.Length != 0 && container.Id.StartsWith(word, StringComparison.Ordinal))
            {
                byPrefix = container;
                several.Add($"{Container.ShortId(container.Id)}{(container.Record?.Name is { } name ? $" ({name})" : "")}");
            }
        }

        return several.Count switch
        {
            1 => byPrefix!,
            0 => throw NotFound(word, whenNone),
            _ => throw new CsrunException($"\"{word}\" names {several.Count} containers", $"they are {string.Join(", ", several)}", "write more digits of the ID, or the name"),
        };
    }

    /// <summary>Hands one of the containers over to the caller: it is not disposed with the list.</summary>
    public Container Take(Container container)
    {
        _containers.Remove(container);
        return container;
    }

    /// <inheritdoc/>
    public void Dispose() => _containers.ForEach(c => c.Dispose());

    private CsrunException NotFound(string word, string? whenNone)
    {
        List<string> names = [];
        foreach (Container container in _containers)
        {
            names.Add(container.DisplayName);
        }

        IReadOnlyList<string> close = CloseNames.Of(word, names);
        return new CsrunException(
            $"no container is named \"{word}\"",
            names.Count == 0 ? "there is no container at all"
                : close.Count != 0 ? $"close to it: {string.Join(", ", close)}"
                : $"there {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names.GetRange(0, Math.Min(names.Count, 8)))}{(names.Count > 8 ? $" and {names.Count - 8} more" : "")}",
            names.Count == 0 ? whenNone : "csrun ps -a");
    }

    private static DateTimeOffset Created(Container container) => container.Record?.Created ?? DateTimeOffset.MaxValue;
}
