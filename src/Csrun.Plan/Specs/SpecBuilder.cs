using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

/// <summary>Makes the specification that is run: the command line wins over <c>--config</c>, which wins over the image.</summary>
/// <remarks>What the configuration leaves out is filled with what Docker gives (<see cref="DefaultSpec"/>): mounts when it has
/// none, namespaces and masked paths when it has no linux section, capabilities and the system call filter when it names none.</remarks>
public static partial class SpecBuilder
{
    /// <summary>The annotation of a configuration that names the image, for <c>csrun run --config FILE</c> without IMAGE.</summary>
    public const string ImageAnnotation = "org.csrun.image";

    /// <summary>The specification.</summary>
    /// <exception cref="CsrunException">There is no command, or two volumes at one place.</exception>
    public static Spec Build(SpecInputs inputs)
    {
        RunRequest request = inputs.Request;
        Spec? config = inputs.Config;
        string hostname = Hostname(inputs);
        return new Spec
        {
            OciVersion = string.IsNullOrEmpty(config?.OciVersion) ? SpecVersion.Current : config.OciVersion,
            Process = Process(inputs, hostname),
            Root = new Root { Path = inputs.RootPath, Readonly = request.ReadOnly || config?.Root is { Readonly: true } },
            Hostname = hostname,
            Domainname = config?.Domainname,
            Mounts = Mounts(inputs),
            Linux = Linux(inputs),
            Hooks = config?.Hooks,
            Annotations = Annotations(inputs),
        };
    }

    /// <summary>The image's name: the command line's, or the configuration's by its annotation.</summary>
    /// <param name="request">The command line.</param>
    /// <param name="config">The configuration of <c>--config</c>, or null.</param>
    /// <exception cref="CsrunException">Neither names one, and there is no <c>--rootfs</c>.</exception>
    public static string? ImageName(RunRequest request, Spec? config)
    {
        if (request.Image is not null || request.RootfsDir is not null)
        {
            return request.Image;
        }

        return config is not null && config.Annotations.TryGetValue(ImageAnnotation, out string? name) && name.Length != 0
            ? name
            : throw new CsrunException(
                $"--config \"{request.ConfigFile}\": no image is named",
                $"there is no IMAGE on the command line, and the configuration has neither an annotation {ImageAnnotation} nor a root.path that is a directory",
                $"csrun run --config \"{request.ConfigFile}\" alpine");
    }

    /// <summary>The user to resolve in the image's account files, as <c>USER[:GROUP]</c>; null: the image's root.</summary>
    /// <param name="request">The command line.</param>
    /// <param name="config">The configuration of <c>--config</c>, or null.</param>
    /// <param name="image">The image's own wishes.</param>
    public static string? WantedUser(RunRequest request, Spec? config, ImageDefaults image) =>
        request.User
        ?? (config?.Process is { } process ? $"{process.User.Uid}:{process.User.Gid}" : null)
        ?? (string.IsNullOrEmpty(image.User) ? null : image.User);

    /// <summary>Whether the container gets a network of its own.</summary>
    /// <param name="request">The command line.</param>
    /// <param name="config">The configuration of <c>--config</c>, or null.</param>
    public static bool OwnNetwork(RunRequest request, Spec? config) => request.Network switch
    {
        NetworkMode.Host => false,
        NetworkMode.None => true,
        _ => config?.Linux is not { } linux || Find(linux.Namespaces, "network") is not null,
    };

    private static string Hostname(SpecInputs inputs)
    {
        if (inputs.Request.Hostname is { } asked)
        {
            return asked;
        }

        if (inputs.Config?.Hostname is { Length: > 0 } configured)
        {
            return configured;
        }

        // In the host's network the host's name is the one that resolves, so Docker takes it over.
        return !OwnNetwork(inputs.Request, inputs.Config) && inputs.Caller.HostName is { Length: > 0 } host
            ? host
            : inputs.ContainerId.Length > 12 ? inputs.ContainerId[..12] : inputs.ContainerId;
    }

    private static IReadOnlyDictionary<string, string> Annotations(SpecInputs inputs)
    {
        IReadOnlyDictionary<string, string> configured = inputs.Config?.Annotations ?? new Spec().Annotations;
        if (inputs.Request.Annotations.Count == 0)
        {
            return configured;
        }

        Dictionary<string, string> all = new(configured, StringComparer.Ordinal);
        foreach ((string key, string value) in inputs.Request.Annotations)
        {
            all[key] = value;
        }

        return all;
    }

    private static Namespace? Find(IReadOnlyList<Namespace> namespaces, string type)
    {
        foreach (Namespace one in namespaces)
        {
            if (one.Type == type)
            {
                return one;
            }
        }

        return null;
    }
}
