using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

/// <summary>The images of one user: tarballs by digest, names, and trees unpacked for an ID map (docs/design/store.md).</summary>
/// <remarks>No lock spans the store: everything is made aside and appears by rename(2). Locks are taken only to do slow
/// work once: one for each name while its image is brought in, one for each tree while it is unpacked.</remarks>
public sealed partial class ImageStore
{
    private const int RecordLimit = 64 * 1024;
    private const OpenFlags Directory = OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    /// <summary>Names the store; touches nothing yet.</summary>
    /// <param name="root">Its directory, <c>~/.local/share/csrun</c> or <c>/var/lib/csrun</c>; made 0700 when something is to be stored.</param>
    public ImageStore(string root) => Root = root;

    /// <summary>The store's directory.</summary>
    public string Root { get; }

    /// <summary>Looks a name up, and nothing else: a file to read and a tree to see.</summary>
    /// <param name="name">The image's name as the user typed it.</param>
    /// <param name="mapKey">The map that the tree must be for (<see cref="MapKey"/>).</param>
    /// <returns>The image, or null when the store does not have it or <paramref name="name"/> is a digest.</returns>
    /// <exception cref="CsrunException">It is no name, or its record is corrupt.</exception>
    public ResolvedImage? TryResolve(string name, string mapKey)
    {
        MapKey.Check(mapKey);
        if (LooksLikeDigest(name))
        {
            return null;
        }

        ImageRecord? record = TryRead(ImageName.Parse(name).FileName);
        return record is null ? null : new ResolvedImage(record, FindTree(record.Digest, mapKey), null);
    }

    /// <summary>Whether a tree is there, and where.</summary>
    public string? FindTree(Digest digest, string mapKey)
    {
        string path = TreePath(digest, mapKey);
        return Sys.Statx(null, path, out FileStat stat).Ok && stat.IsDirectory ? path : null;
    }

    /// <summary>Keeps a tree from being removed while a container uses it; the descriptor holds it until it is closed.</summary>
    /// <returns>A descriptor of the tree's wrapper directory, or null when the tree is gone.</returns>
    public SafeFd? HoldTree(Digest digest, string mapKey)
    {
        string path = $"{Root}/trees/{digest.Hex}/{mapKey}";
        SysResult opened = Sys.Openat2(null, path, Directory);
        if (!opened.Ok)
        {
            return null;
        }

        SafeFd fd = new(opened.Int);
        // Waits for a remover, which has LOCK_EX and renames the directory away: then its name is gone. The process that
        // publishes the tree has LOCK_EX for microseconds more.
        if (Sys.Flock(fd, FlockOperation.LOCK_SH).Ok && Sys.Statx(null, $"{path}/rootfs", out _).Ok)
        {
            return fd;
        }

        fd.Dispose();
        return null;
    }

    /// <summary>Opens a kept tarball for unpacking, its digest verified on the way.</summary>
    /// <exception cref="CsrunException">It is missing, or its content is not what the digest says.</exception>
    public SafeFd OpenBlob(Digest digest)
    {
        string path = BlobPath(digest);
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_NOFOLLOW);
        if (!opened.Ok)
        {
            throw new CsrunException($"the store has no tarball for {digest}", $"openat2 \"{path}\": {opened.Errno}", $"csrun image rm {digest.Short}, and run the image again");
        }

        SafeFd fd = new(opened.Int);
        if (BlobWriter.DigestOf(fd, path) != digest)
        {
            fd.Dispose();
            throw new CsrunException($"the tarball \"{path}\" is damaged", "its content does not have the digest it is stored under", $"csrun image rm {digest.Short}, and run the image again");
        }

        Sys.Lseek(fd, 0, 0).OrThrow("lseek", path);
        return fd;
    }

    internal string BlobPath(Digest digest) => $"{Root}/blobs/sha256/{digest.Hex}";

    internal string TreePath(Digest digest, string mapKey) => $"{Root}/trees/{digest.Hex}/{mapKey}/rootfs";

    private static bool LooksLikeDigest(string name) => name.StartsWith("sha256:", StringComparison.Ordinal);

    private ImageRecord? TryRead(string fileName)
    {
        string path = $"{Root}/names/{fileName}";
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_NOFOLLOW);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }

        using SafeFd fd = opened.FdOrThrow("openat2", path);
        byte[] buffer = new byte[4096];
        int length = 0;
        int read;
        while ((read = (int)Sys.Read(fd, buffer.AsSpan(length)).OrThrow("read", path)) > 0)
        {
            length += read;
            if (length < buffer.Length)
            {
                // A regular file gives all it has: what is not full was the end.
                break;
            }

            if (length >= RecordLimit)
            {
                throw new CsrunException($"the image record \"{path}\" is corrupt", $"it is larger than {RecordLimit} bytes", $"rm '{path}'");
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        return RecordFile.Parse(buffer.AsSpan(0, length), path);
    }

    /// <summary>Makes the store's directories, all 0700.</summary>
    private void EnsureLayout()
    {
        MakeDirectories(Root);
        foreach (string name in (ReadOnlySpan<string>)["blobs", "blobs/sha256", "names", "trees", "tmp", "locks"])
        {
            MakeDirectory($"{Root}/{name}");
        }
    }

    private static void MakeDirectories(string path)
    {
        if (Sys.Statx(null, path, out FileStat stat).Ok && stat.IsDirectory)
        {
            return;
        }

        int slash = path.TrimEnd('/').LastIndexOf('/');
        if (slash > 0)
        {
            MakeDirectories(path[..slash]);
        }

        MakeDirectory(path);
    }

    private static void MakeDirectory(string path)
    {
        SysResult made = Sys.Mkdirat(null, path, FileModes.Rwx);
        if (!made.Ok && made.Errno != Errno.EEXIST)
        {
            throw new KernelException(
                "mkdirat",
                path,
                made.Errno,
                PathDiagnosis.ExplainMaking(path, made.Errno)?.Why ?? Unpacking.UnpackErrors.Why(made.Errno),
                Unpacking.UnpackErrors.Fix(made.Errno) ?? "choose another place for csrun's images: --root DIR, or CSRUN_ROOT");
        }
    }
}
