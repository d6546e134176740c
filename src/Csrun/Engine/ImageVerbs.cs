using System.Text;
using Csrun.Images.Store;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary><c>csrun images</c>, <c>csrun image unpack</c>, <c>csrun image rm</c>.</summary>
internal static class ImageVerbs
{
    /// <summary>Lists the images of the store.</summary>
    internal static int List(Caller caller, bool quiet, bool json)
    {
        IReadOnlyList<ImageRecord> images = caller.Store.List();
        StringBuilder text = new();
        if (json)
        {
            ImageListJson.Append(text, images);
        }
        else if (quiet)
        {
            foreach (ImageRecord image in images)
            {
                text.Append(image.Name).Append('\n');
            }
        }
        else
        {
            text.Append($"{"NAME",-24} {"DIGEST",-12} {"SIZE",10}  SOURCE\n");
            foreach (ImageRecord image in images)
            {
                text.Append($"{image.Name,-24} {image.Digest.Short,-12} {image.Size / 1048576.0,6:0.0} MiB  {image.Source}\n");
            }
        }

        FdWriter.Stdout.Write(text.ToString());
        FdWriter.Stdout.Flush();
        return 0;
    }

    /// <summary>Makes a plain root file system: owners are right for the default user namespace of whoever calls.</summary>
    internal static int Unpack(Caller caller, string name, string directory)
    {
        string path = Path.GetFullPath(directory);
        bool made = MakeEmpty(path);
        Identity identity = caller.IsPrivileged ? Identity.Host(caller) : Identity.Default(caller);
        Notes.Write(identity.Plan.Notes);
        try
        {
            ImageRecord image = ImageTree.Bring(caller, name, identity);
            using SafeFd tarball = caller.Store.OpenBlob(image.Digest);
            using SafeFd target = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", path);
            if (!identity.RootIsCaller)
            {
                throw new CsrunException($"the image cannot be unpacked to \"{path}\"", "the container's root is not the caller under this map", "leave --userns away");
            }

            string[] args = [Worker.UnpackHere, image.Name.ToString(), image.Source, identity.IsSingle ? "single-id" : "all-ids"];
            if (identity.Plan.NewUserNamespace)
            {
                Worker.StartInNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, [.. args], tarball, target);
            }
            else
            {
                Worker.StartAsCaller([.. args], tarball, target);
            }

            return 0;
        }
        catch (CsrunException)
        {
            Clear(path, made, identity);
            throw;
        }
    }

    /// <summary>Removes images, and the trees that were unpacked of them.</summary>
    internal static int Remove(Caller caller, IReadOnlyList<string> names, bool all)
    {
        IReadOnlyList<string> wanted = all ? [.. caller.Store.List().Select(i => i.Name.ToString())] : names;
        Identity? identity = null;
        IReadOnlyDictionary<string, string> kept = KeptContainers.ByImage(caller);
        foreach (string name in wanted)
        {
            ImageRemoval removal = caller.Store.Remove(name, digest => kept.GetValueOrDefault(digest.ToString()));
            foreach (string tree in removal.Trees)
            {
                using SafeFd parent = Sys.Openat2(null, Path.GetDirectoryName(tree)!, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", tree);
                if (TreeRemover.Remove(parent, Path.GetFileName(tree)).Complete)
                {
                    continue;
                }

                // The default map holds the caller and all subordinate IDs: whatever map a tree was unpacked under, its owners are among them.
                identity ??= Identity.Default(caller);
                LayerRemoval.InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, tree, "rootfs");
                TreeRemover.Remove(parent, Path.GetFileName(tree));
            }

            FdWriter.Stdout.Write($"removed {string.Join(", ", removal.Names)}{(removal.Deleted ? $" ({removal.Digest.Short})" : "")}\n");
        }

        FdWriter.Stdout.Flush();
        return 0;
    }

    private static bool MakeEmpty(string path)
    {
        SysResult made = Sys.Mkdirat(null, path, 0x1ed);
        if (made.Ok)
        {
            return true;
        }

        if (made.Errno != Errno.EEXIST)
        {
            made.OrThrow("mkdirat", path, made.Errno == Errno.ENOENT ? "its parent directory does not exist" : null, $"mkdir -p '{Path.GetDirectoryName(path)}'");
        }

        using SafeFd directory = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", path);
        return Linux.Files.DirectoryNames.Of(directory).Count == 0
            ? false
            : throw new CsrunException($"\"{path}\" is not empty", "an image is unpacked into a new or empty directory only, so that no file of yours is replaced", $"choose another directory, or empty it: rm -rf '{path}'");
    }

    private static void Clear(string path, bool made, Identity identity)
    {
        using SafeFd parent = Sys.Openat2(null, Path.GetDirectoryName(path)!, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", path);
        using SafeFd directory = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", path);
        foreach (string name in Linux.Files.DirectoryNames.Of(directory))
        {
            if (!TreeRemover.Remove(directory, name).Complete && identity.Plan.NewUserNamespace)
            {
                try
                {
                    Worker.StartInNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, [Worker.Remove, name], directory);
                }
                catch (WorkerFailedException)
                {
                    Notes.Write($"\"{path}/{name}\" could not be removed");
                }
            }
        }

        if (made)
        {
            Sys.Unlinkat(parent, Path.GetFileName(path), directory: true);
        }
    }
}
