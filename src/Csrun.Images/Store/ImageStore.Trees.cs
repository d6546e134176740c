using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

public sealed partial class ImageStore
{
    /// <summary>Starts unpacking a tree; waits while another process unpacks the same one.</summary>
    /// <returns>The build, or null when the tree is there by now (<see cref="FindTree"/>).</returns>
    public TreeBuild? BeginTree(Digest digest, string mapKey)
    {
        MapKey.Check(mapKey);
        EnsureLayout();
        FileLock treeLock = FileLock.Acquire($"{Root}/locks/tree-{digest.Hex}-{mapKey}");
        try
        {
            if (FindTree(digest, mapKey) is not null)
            {
                treeLock.Dispose();
                return null;
            }

            MakeDirectory($"{Root}/trees/{digest.Hex}");
            return new TreeBuild(treeLock, $"{Root}/tmp", $"{Root}/trees/{digest.Hex}/{mapKey}");
        }
        catch
        {
            treeLock.Dispose();
            throw;
        }
    }

    /// <summary>Removes from tmp/ what processes that are dead by now left there.</summary>
    /// <returns>Paths that could not be removed because they belong to IDs of a user namespace: to be removed from inside one.</returns>
    public IReadOnlyList<string> CleanTmp()
    {
        SysResult opened = Sys.Openat2(null, $"{Root}/tmp", Directory);
        if (!opened.Ok)
        {
            return [];
        }

        using SafeFd tmp = new(opened.Int);
        return [.. CleanTmp(tmp).Select(name => $"{Root}/tmp/{name}")];
    }

    /// <summary>As <see cref="CleanTmp()"/>, for a process inside a user namespace that gets the directory as a descriptor.</summary>
    /// <param name="tmp">The store's tmp/.</param>
    /// <returns>The names that are left.</returns>
    public static IReadOnlyList<string> CleanTmp(SafeFd tmp)
    {
        List<string> left = [];
        foreach (string name in DirectoryNames.Of(tmp))
        {
            SysResult entry = Sys.Openat2(tmp, name, OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK);
            if (!entry.Ok)
            {
                continue;
            }

            using SafeFd fd = new(entry.Int);
            // The living hold the lock, and so does the cleaner that is faster.
            if (Sys.Flock(fd, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok && !TreeRemover.Remove(tmp, name).Complete)
            {
                left.Add(name);
            }
        }

        return left;
    }
}
