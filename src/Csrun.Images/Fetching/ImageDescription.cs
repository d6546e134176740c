using System.Text.Json;
using Csrun.Images.Store;
using Csrun.Linux;

namespace Csrun.Images.Fetching;

/// <summary>An image that csrun knows by name: images/NAME.json, embedded.</summary>
public sealed class ImageDescription
{
    private ImageDescription(string name) => Name = name;

    /// <summary>The names there are descriptions for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["alpine", "busybox"];

    /// <summary>The image's name.</summary>
    public string Name { get; }

    /// <summary>Its version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>SPDX expression of what is in it.</summary>
    public string Licence { get; private set; } = "";

    /// <summary>The command that makes it, for an image that is not fetched; else null.</summary>
    public string? Build { get; private set; }

    /// <summary>The tarball for this machine, or null.</summary>
    public ImageVariant? Variant { get; private set; }

    /// <summary>What it is run with.</summary>
    public ImageConfig Config { get; } = ImageConfig.ForTarball;

    /// <summary>The description of an image, when there is one and it is of the version that the tag asks for.</summary>
    public static ImageDescription? Find(ImageName name)
    {
        foreach (string known in Names)
        {
            if (known == name.Repository)
            {
                ImageDescription description = Load(known);
                bool fits = name.Tag == ImageName.DefaultTag || description.Version == name.Tag || description.Version.StartsWith(name.Tag + ".", StringComparison.Ordinal);
                return fits ? description : null;
            }
        }

        return null;
    }

    private static ImageDescription Load(string name)
    {
        using Stream resource = typeof(ImageDescription).Assembly.GetManifestResourceStream($"images/{name}.json")
            ?? throw new CsrunException($"csrun was built without its description of {name}");
        return Parse(name, resource, MachineArchitecture.Own);
    }

    internal static ImageDescription Parse(string name, Stream json, string architecture)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        ImageDescription description = new(name)
        {
            Version = root.GetProperty("version").GetString() ?? "",
            Licence = root.GetProperty("licence").GetString() ?? "",
            Build = root.TryGetProperty("build", out JsonElement build) ? build.GetString() : null,
        };
        if (root.TryGetProperty("variants", out JsonElement variants) && variants.TryGetProperty(architecture, out JsonElement own))
        {
            description.Variant = new ImageVariant(
                architecture,
                own.GetProperty("url").GetString() ?? "",
                Digest.Parse("sha256:" + own.GetProperty("sha256").GetString()),
                own.GetProperty("size").GetInt64());
        }

        return description;
    }
}
