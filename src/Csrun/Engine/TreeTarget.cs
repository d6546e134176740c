using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Engine;

/// <summary>A tree that the caller named: opened as far as the caller can.</summary>
/// <param name="Typed">As it was typed.</param>
/// <param name="AbovePath">The nearest directory above it that the caller can open.</param>
/// <param name="Above">That directory.</param>
/// <param name="Below">The tree's path below it; nothing of it is followed.</param>
internal sealed record TreeTarget(string Typed, string AbovePath, SafeFd Above, string Below) : IDisposable
{
    /// <summary>Opens what was named, all of it or nothing.</summary>
    /// <param name="verb">The verb, for messages.</param>
    /// <param name="paths">As typed.</param>
    /// <param name="store">The directory of csrun's images.</param>
    /// <exception cref="CsrunException">A path is missing or must not be touched: all of them at once.</exception>
    internal static List<TreeTarget> Open(string verb, IReadOnlyList<string> paths, string store)
    {
        List<TreeTarget> targets = [];
        List<string> mistakes = [];
        ProtectedDirectories kept = ProtectedDirectories.Find(store);
        foreach (string path in paths)
        {
            TreeTarget? target = TryOpen(path, out string? why);
            if (target is not null && (why = kept.Refuse(target.Above, target.Below)) is not null)
            {
                target.Dispose();
                target = null;
            }

            if (target is null)
            {
                mistakes.Add($"\"{path}\" {why}");
            }
            else
            {
                targets.Add(target);
            }
        }

        if (mistakes.Count == 0)
        {
            return targets;
        }

        targets.ForEach(t => t.Dispose());
        throw new CsrunException(
            paths.Count == 1 ? $"{verb} \"{paths[0]}\"" : $"{verb}: {mistakes.Count} of {paths.Count} paths cannot be worked on, so nothing was changed",
            string.Join('\n', mistakes),
            $"csrun {verb} --help says what is refused");
    }

    /// <inheritdoc/>
    public void Dispose() => Above.Dispose();

    private static TreeTarget? TryOpen(string typed, out string? why)
    {
        string path = typed.TrimEnd('/');
        if (path.Length == 0)
        {
            why = typed.Length == 0 ? "is an empty name" : "is the root of the file system";
            return null;
        }

        int slash = path.LastIndexOf('/');
        string above = slash < 0 ? "." : slash == 0 ? "/" : path[..slash], below = path[(slash + 1)..];
        if (below is "." or "..")
        {
            why = "is no name but a way to a directory: name the directory itself";
            return null;
        }

        while (true)
        {
            SysResult opened = Sys.Openat2(null, above, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            if (opened.Ok)
            {
                TreeTarget target = new(typed, above, new SafeFd(opened.Int), below);
                SysResult found = Sys.Statx(target.Above, below, out _);
                if (found.Errno is Errno.ENOENT or Errno.ENOTDIR)
                {
                    target.Dispose();
                    why = "does not exist";
                    return null;
                }

                why = null;
                return target;
            }

            // Closed to the caller by a subordinate ID: the worker goes on from the nearest directory that is not.
            int up = above.LastIndexOf('/');
            if (opened.Errno != Errno.EACCES || up <= 0 || above[(up + 1)..] is "." or "..")
            {
                why = opened.Errno is Errno.ENOENT or Errno.ENOTDIR ? "does not exist" : $"cannot be reached: openat2 \"{above}\": {opened.Errno} ({opened.Errno.Describe()})";
                return null;
            }

            (above, below) = (above[..up], $"{above[(up + 1)..]}/{below}");
        }
    }
}
