using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Engine.Lifecycle;

/// <summary>The namespaces of a configuration that are there already, opened as the caller.</summary>
internal sealed class NamespacePaths : IDisposable
{
    private readonly List<SafeFd> _open = [];

    private NamespacePaths(ImmutableArray<JoinedNamespace> joined) => Joined = joined;

    /// <summary>The namespaces.</summary>
    internal ImmutableArray<JoinedNamespace> Joined { get; private set; }

    /// <summary>Opens them.</summary>
    /// <exception cref="CsrunException">Lists those that cannot be opened.</exception>
    internal static NamespacePaths Open(Spec spec)
    {
        NamespacePaths paths = new([]);
        List<string> problems = [];
        ImmutableArray<JoinedNamespace>.Builder joined = ImmutableArray.CreateBuilder<JoinedNamespace>();
        IReadOnlyList<Namespace> namespaces = spec.Linux?.Namespaces ?? [];
        for (int i = 0; i < namespaces.Count; i++)
        {
            if (namespaces[i].Path is not { } path)
            {
                continue;
            }

            SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
            if (!opened.Ok)
            {
                problems.Add($"$.linux.namespaces[{i}].path: open \"{path}\": {opened.Errno} ({opened.Errno.Describe()})");
                continue;
            }

            SafeFd fd = new(opened.Int);
            paths._open.Add(fd);
            joined.Add(new JoinedNamespace(NamespaceFlags.Of(namespaces[i].Type), path, new OpenDescriptor($"{namespaces[i].Type} namespace", fd.Number)));
        }

        if (problems.Count != 0)
        {
            paths.Dispose();
            throw new CsrunException(string.Join('\n', problems), "what it names has gone, or is not the caller's to look at", "ls -l the path; a namespace lives as long as a process in it, or a mount of it");
        }

        paths.Joined = joined.ToImmutable();
        return paths;
    }

    /// <inheritdoc/>
    public void Dispose() => _open.ForEach(fd => fd.Dispose());
}
