using System.Collections.Immutable;
using Csrun.Images.Store;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary>An image as a directory: looked up in the store, brought in and unpacked where missing.</summary>
/// <param name="Image">The image.</param>
/// <param name="Path">Its tree.</param>
/// <param name="IdMapped">Whether the tree holds the image's own IDs, to be mapped by an ID-mapped mount.</param>
internal sealed record ImageTree(ResolvedImage Image, string Path, bool IdMapped)
{
    /// <summary>Finds or makes the tree whose owners are right under <paramref name="identity"/>.</summary>
    internal static ImageTree Ensure(Caller caller, string name, Identity identity)
    {
        string key = Key(caller, identity);
        bool idMapped = identity.Plan.NewUserNamespace && key == MapKey.Host;
        ResolvedImage? image = caller.Store.TryResolve(name, key);
        if (image is { TreePath: { } tree })
        {
            return new ImageTree(image, tree, idMapped);
        }

        bool fresh = image is null;
        if (image is null)
        {
            // In a process of its own: downloads start threads, and this process must stay quiet for clone3.
            Worker.StartAsCaller([Worker.Resolve, caller.Store.Root, name, key]);
            image = caller.Store.TryResolve(name, key) ?? ResolveDigest(caller.Store, name, key);
        }

        try
        {
            return new ImageTree(image, image.TreePath ?? Unpack(caller, image, key, identity), idMapped);
        }
        catch (CsrunException) when (fresh)
        {
            // Nothing of an image that cannot be unpacked stays; the next run looks for a better one.
            caller.Store.Remove(image.Name.ToString());
            throw;
        }
    }

    /// <summary>Makes sure that an image's tarball is in the store.</summary>
    internal static ImageRecord Bring(Caller caller, string name, Identity identity)
    {
        string key = Key(caller, identity);
        if (caller.Store.TryResolve(name, key) is { } known)
        {
            return known.Record;
        }

        Worker.StartAsCaller([Worker.Resolve, caller.Store.Root, name, key]);
        return (caller.Store.TryResolve(name, key) ?? ResolveDigest(caller.Store, name, key)).Record;
    }

    /// <summary>The key of the tree: one for each map, or one for all where mounts can be ID-mapped.</summary>
    internal static string Key(Caller caller, Identity identity)
    {
        if (!identity.Plan.NewUserNamespace || caller.MayIdMapMounts)
        {
            return MapKey.Host;
        }

        return identity.IsSingle
            ? MapKey.Single(identity.Plan.Uid.Mappings[0].HostId, identity.Plan.Gid.Mappings[0].HostId)
            : MapKey.For(identity.Plan.Uid.Mappings, identity.Plan.Gid.Mappings);
    }

    private static ResolvedImage ResolveDigest(ImageStore store, string name, string key) => store.Resolve(name, key, []);

    private static string Unpack(Caller caller, ResolvedImage image, string key, Identity identity)
    {
        foreach (string left in caller.Store.CleanTmp())
        {
            LayerRemoval.InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, System.IO.Path.GetDirectoryName(left)!, System.IO.Path.GetFileName(left));
        }

        using TreeBuild? build = caller.Store.BeginTree(image.Digest, key);
        if (build is null)
        {
            return caller.Store.FindTree(image.Digest, key)!;
        }

        using SafeFd tarball = caller.Store.OpenBlob(image.Digest);
        ImmutableArray<string> args = [Worker.Unpack, image.Name.ToString(), image.Record.Source, identity.IsSingle ? "single-id" : "all-ids"];
        try
        {
            if (key == MapKey.Host)
            {
                Worker.StartAsCaller(args, tarball, build.Directory);
            }
            else
            {
                Worker.StartInNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, args, tarball, build.Directory);
            }

            return build.Publish();
        }
        catch (CsrunException)
        {
            if (!build.Abandon().Complete && key != MapKey.Host)
            {
                LayerRemoval.InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, $"{caller.Store.Root}/tmp", System.IO.Path.GetFileName(build.Path));
            }

            throw;
        }
    }
}
