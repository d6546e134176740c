using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.State;

/// <summary>The name of a container (<c>--name</c>): a symbolic link <c>container-names/NAME</c> that says its ID, so that a name is taken by one call or not at all.</summary>
public sealed class ContainerName : IDisposable
{
    private const string Running = "is running";
    private const string Ended = "has ended";

    private readonly string _path;

    private ContainerName(string path) => _path = path;

    /// <summary>Takes a name.</summary>
    /// <param name="roots">Where state is kept.</param>
    /// <param name="name">The name; its grammar has been checked.</param>
    /// <param name="id">The container's ID.</param>
    /// <exception cref="CsrunException">A container that is running or kept has it.</exception>
    public static ContainerName Take(StateRoots roots, string name, string id)
    {
        string directory = $"{roots.Data}/container-names";
        ContainerDirectory.MakePath(directory);
        string path = $"{directory}/{name}";
        for (int attempt = 0; attempt < 3; attempt++)
        {
            SysResult made = Sys.Symlinkat(Zero(id), null, Zero(path));
            if (made.Ok)
            {
                return new ContainerName(path);
            }

            if (made.Errno != Errno.EEXIST)
            {
                made.OrThrow("symlinkat", path);
            }

            if (Target(path) is { } other && Holder(roots, other) is { } does)
            {
                throw new CsrunException(
                    $"the name \"{name}\" is taken",
                    $"container {Container.ShortId(other)} has it and {does}",
                    does == Ended ? $"csrun rm {name}, or choose another with --name" : "choose another with --name");
            }

            Sys.Unlinkat(null, path);
        }

        throw new CsrunException($"the name \"{name}\" is taken", "another csrun takes it at the same time", "choose another with --name");
    }

    /// <summary>Gives up the names of a container that has gone.</summary>
    public static void Forget(StateRoots roots, string id)
    {
        string directory = $"{roots.Data}/container-names";
        SysResult opened = Sys.Openat2(null, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            return;
        }

        using SafeFd names = new(opened.Int);
        foreach (string name in DirectoryNames.Of(names))
        {
            if (Target($"{directory}/{name}") == id)
            {
                Sys.Unlinkat(names, name);
            }
        }
    }

    /// <summary>What the container that has a name does; null when it has gone.</summary>
    private static string? Holder(StateRoots roots, string id)
    {
        SysResult opened = ContainerDirectory.IsId(id)
            ? Sys.Openat2(null, $"{ContainerDirectory.Parent(roots)}/{id}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW)
            : new SysResult(-1, Errno.ENOENT);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd directory = new(opened.Int);
        return ContainerDirectory.IsHeld(directory) ? Running : ContainerDirectory.IsKept(directory) ? Ended : null;
    }

    private static string? Target(string path)
    {
        Span<byte> target = stackalloc byte[256];
        SysResult read = Sys.Readlinkat(null, Zero(path), target);
        return read.Ok ? Encoding.UTF8.GetString(target[..read.Int]) : null;
    }

    private static byte[] Zero(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <inheritdoc/>
    public void Dispose() => Sys.Unlinkat(null, _path);
}
