using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

public sealed partial class ImageStore
{
    /// <summary>All images of the store, by name.</summary>
    public IReadOnlyList<ImageRecord> List()
    {
        List<ImageRecord> records = [];
        SysResult opened = Sys.Openat2(null, $"{Root}/names", Directory);
        if (opened.Errno == Errno.ENOENT)
        {
            return records;
        }

        using SafeFd names = opened.FdOrThrow("openat2", $"{Root}/names");
        foreach (string name in DirectoryNames.Of(names))
        {
            // Removed by another process since the directory was read: not an image any more.
            if (TryRead(name) is { } record)
            {
                records.Add(record);
            }
        }

        records.Sort(static (a, b) => string.CompareOrdinal(a.Name.ToString(), b.Name.ToString()));
        return records;
    }

    /// <summary>Removes a name; with the last name of a digest its tarball and trees, which move to tmp/ at once.</summary>
    /// <param name="nameOrDigest">A name, <c>sha256:HEX</c>, or twelve or more digits of one.</param>
    /// <param name="user">Which container, by its name for people, needs the image of a digest although it does not run; null for none.</param>
    /// <returns>What is gone, and the directories in tmp/ that the caller removes with <see cref="CleanTmp()"/>: inside a user namespace where IDs of one own files.</returns>
    /// <exception cref="CsrunException">There is no such image, or a container uses it.</exception>
    public ImageRemoval Remove(string nameOrDigest, Func<Digest, string?>? user = null)
    {
        IReadOnlyList<ImageRecord> all = List();
        using SafeFd? guard = all.Count == 0 ? null : LockBlobs(FlockOperation.LOCK_EX);
        all = all.Count == 0 ? all : List();
        List<ImageRecord> named = [.. Named(all, nameOrDigest)];
        if (named.Count == 0)
        {
            string? close = NameDistance.Closest(nameOrDigest, all.Select(static record => record.Name.Repository));
            throw new CsrunException($"no image {nameOrDigest} in the store", $"\"{Root}\" has {all.Count} images", close is null ? "csrun images" : $"csrun image rm {close}");
        }

        Digest digest = named[0].Digest;
        if (named.Any(record => record.Digest != digest))
        {
            throw new CsrunException($"\"{nameOrDigest}\" fits more than one image", string.Join(", ", named.Select(static record => record.Name)), "csrun images");
        }

        bool last = all.Count(record => record.Digest == digest) == named.Count;
        if (last && user?.Invoke(digest) is { } container)
        {
            throw new CsrunException($"the image {digest.Short} is in use", $"container {container} was made of it and is kept", $"csrun rm {container}");
        }

        List<string> trees = last ? TakeTrees(digest) : [];
        foreach (ImageRecord record in named)
        {
            SysResult removed = Sys.Unlinkat(null, $"{Root}/names/{record.Name.FileName}");
            if (!removed.Ok && removed.Errno != Errno.ENOENT)
            {
                throw new KernelException("unlinkat", $"{Root}/names/{record.Name.FileName}", removed.Errno);
            }
        }

        if (last)
        {
            Sys.Unlinkat(null, BlobPath(digest));
        }

        return new ImageRemoval([.. named.Select(static record => record.Name)], digest, last, [.. trees]);
    }

    /// <summary>Removes tarballs and trees that lost their name to a newer image, those in use excepted; trees move to tmp/ (<see cref="CleanTmp()"/>).</summary>
    /// <returns>The digests that are gone.</returns>
    public IReadOnlyList<Digest> RemoveUnnamed()
    {
        EnsureLayout();
        using SafeFd guard = LockBlobs(FlockOperation.LOCK_EX);
        HashSet<string> named = [.. List().Select(static record => record.Digest.Hex)];
        using SafeFd trees = Sys.Openat2(null, $"{Root}/trees", Directory).FdOrThrow("openat2", $"{Root}/trees");
        List<Digest> removed = [];
        foreach (string hex in DirectoryNames.Of(guard).Union(DirectoryNames.Of(trees)))
        {
            if (!named.Contains(hex) && Digest.TryParse($"sha256:{hex}", out Digest digest) && !IsInUse(digest))
            {
                TakeTrees(digest);
                Sys.Unlinkat(null, BlobPath(digest));
                removed.Add(digest);
            }
        }

        return removed;
    }

    private bool IsInUse(Digest digest)
    {
        SysResult opened = Sys.Openat2(null, $"{Root}/trees/{digest.Hex}", Directory);
        if (!opened.Ok)
        {
            return false;
        }

        using SafeFd trees = new(opened.Int);
        foreach (string name in DirectoryNames.Of(trees))
        {
            SysResult tree = Sys.Openat2(trees, name, Directory);
            using SafeFd? fd = tree.Ok ? new SafeFd(tree.Int) : null;
            if (fd is not null && !Sys.Flock(fd, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<ImageRecord> Named(IReadOnlyList<ImageRecord> all, string nameOrDigest)
    {
        string hex = LooksLikeDigest(nameOrDigest) ? nameOrDigest["sha256:".Length..] : nameOrDigest;
        if (ImageName.TryParse(nameOrDigest, out ImageName name) is null && all.Any(record => record.Name == name))
        {
            return all.Where(record => record.Name == name);
        }

        return hex.Length is >= 12 and <= 64 && Digest.IsHex(hex)
            ? all.Where(record => record.Digest.Hex.StartsWith(hex, StringComparison.Ordinal))
            : [];
    }

    // First all locks, then the renames: an image that a container uses stays whole.
    private List<string> TakeTrees(Digest digest)
    {
        string directory = $"{Root}/trees/{digest.Hex}";
        SysResult opened = Sys.Openat2(null, directory, Directory);
        if (!opened.Ok)
        {
            return [];
        }

        List<(SafeFd Fd, string Name)> held = [];
        List<string> moved = [];
        try
        {
            using SafeFd trees = new(opened.Int);
            foreach (string name in DirectoryNames.Of(trees))
            {
                SysResult tree = Sys.Openat2(trees, name, Directory);
                if (!tree.Ok)
                {
                    continue;
                }

                SafeFd fd = new(tree.Int);
                held.Add((fd, name));
                if (!Sys.Flock(fd, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok)
                {
                    throw new CsrunException($"the image {digest.Short} is in use", $"a container runs on \"{directory}/{name}\"", "csrun ps; csrun rm -f CONTAINER");
                }
            }

            foreach ((_, string name) in held)
            {
                string aside = $"{Root}/tmp/removed-{Environment.ProcessId}-{Random.Shared.NextInt64():x16}";
                Sys.Renameat2(null, $"{directory}/{name}", null, aside, noReplace: true).OrThrow("renameat2", aside);
                moved.Add(aside);
            }
        }
        finally
        {
            foreach ((SafeFd fd, _) in held)
            {
                fd.Dispose();
            }
        }

        Sys.Unlinkat(null, directory, directory: true);
        return moved;
    }
}
