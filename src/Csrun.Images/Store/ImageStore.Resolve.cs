using Csrun.Images.Fetching;
using Csrun.Linux;

namespace Csrun.Images.Store;

public sealed partial class ImageStore
{
    /// <summary>Finds an image and brings it into the store: the store itself, a tarball on the search path, a description that comes with csrun.</summary>
    /// <param name="name">The name as the user typed it, <c>sha256:HEX</c>, or twelve or more digits of it.</param>
    /// <param name="mapKey">The map that the tree must be for (<see cref="MapKey"/>).</param>
    /// <param name="searchPath">Directories with tarballs: those of CSRUN_IMAGE_PATH, then the product's own.</param>
    /// <param name="observer">Is told the progress of a download; may be null.</param>
    /// <exception cref="CsrunException">It is not to be had: the message says where csrun looked and what is close.</exception>
    public ResolvedImage Resolve(string name, string mapKey, IReadOnlyList<string> searchPath, IFetchObserver? observer = null)
    {
        MapKey.Check(mapKey);
        if (LooksLikeDigest(name))
        {
            return ByDigest(Digest.Parse(name).Hex, mapKey)
                ?? throw new CsrunException($"no image {name}", $"the store \"{Root}\" has no image with that digest", "csrun images");
        }

        if (TryResolve(name, mapKey) is { } known)
        {
            return known;
        }

        ImageName image = ImageName.Parse(name);
        if (name.Length is >= 12 and <= 64 && Digest.IsHex(name) && ByDigest(name, mapKey) is { } identified)
        {
            return identified;
        }

        string? tarball = TarballSearch.Find(image, searchPath, out string? foreign);
        ImageDescription? description = tarball is null && foreign is null ? ImageDescription.Find(image) : null;
        if (tarball is null && description?.Variant is null)
        {
            throw Unknown(image, searchPath, foreign);
        }

        EnsureLayout();
        // Parallel first runs: one brings the image in, the others find it then.
        using FileLock nameLock = FileLock.Acquire($"{Root}/locks/name-{image.FileName}");
        if (TryResolve(name, mapKey) is { } meanwhile)
        {
            return meanwhile;
        }

        ImageRecord record = tarball is not null ? Import(tarball, image) : Fetch(image, description!, description!.Variant!, observer);
        return new ResolvedImage(record, FindTree(record.Digest, mapKey), record.Source);
    }

    // The first digits of a digest, as the list of images shows them.
    private ResolvedImage? ByDigest(string hex, string mapKey)
    {
        foreach (ImageRecord record in List())
        {
            if (record.Digest.Hex.StartsWith(hex, StringComparison.Ordinal))
            {
                return new ResolvedImage(record, FindTree(record.Digest, mapKey), null);
            }
        }

        return null;
    }

    private ImageRecord Fetch(ImageName image, ImageDescription description, ImageVariant variant, IFetchObserver? observer)
    {
        using BlobWriter blob = new($"{Root}/tmp");
        string source = ImageFetcher.Fetch(variant.Url, ImageFetcher.LimitFor(variant), blob.Write, observer);
        return Keep(blob, source, image, variant.Digest, description.Config);
    }

    private CsrunException Unknown(ImageName image, IReadOnlyList<string> searchPath, string? foreign)
    {
        if (foreign is not null)
        {
            return new CsrunException(
                $"no image {image} for this machine",
                $"\"{foreign}\" is for another architecture; this machine is {MachineArchitecture.Own}",
                $"put a tarball for {MachineArchitecture.Own} beside it");
        }

        string looked = searchPath.Count == 0
            ? "CSRUN_IMAGE_PATH names no directory"
            : $"no tarball {image.Repository}-*.tar* in {string.Join(", ", searchPath.Distinct().Select(static directory => $"\"{directory}\""))}";
        ImageDescription? description = ImageDescription.Find(image with { Tag = ImageName.DefaultTag });
        string embedded = description switch
        {
            null => "no image of that name that csrun knows where to fetch",
            { Build: { } build } => $"csrun's own description says how to make it: {build}",
            { Variant: null } => $"csrun's own description has none for {MachineArchitecture.Own}",
            _ => $"csrun's own description is of version {description.Version}",
        };
        SortedSet<string> names = new(StringComparer.Ordinal);
        names.UnionWith(List().Select(static record => record.Name.Tag == ImageName.DefaultTag ? record.Name.Repository : record.Name.ToString()));
        names.UnionWith(TarballSearch.Names(searchPath));
        names.UnionWith(ImageDescription.Names);
        string? close = NameDistance.Closest(image.Repository, names);
        string why = $"not in the store \"{Root}\"\n{looked}\n{embedded}\npulling from registries comes with a later version";
        string fix = description?.Build is { } script ? script
            : close is not null && close != image.Repository ? $"csrun run {close}"
            : names.Count > 0 ? $"what there is: {string.Join(", ", names)}"
            : $"CSRUN_IMAGE_PATH=DIR csrun run {image.Repository}";
        return new CsrunException($"no image {image}", why, fix);
    }
}
