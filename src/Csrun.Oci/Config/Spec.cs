using System.Collections.ObjectModel;

namespace Csrun.Oci;

/// <summary>A container's configuration: config.json of a bundle.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md. Unset strings and objects are null, unset lists and maps are empty; JSON <c>null</c> reads as unset.</remarks>
public sealed record Spec
{
    /// <summary>Version of the runtime specification the configuration follows, such as <c>1.2.0</c>.</summary>
    public string OciVersion { get; init; } = "";

    /// <summary>The container's first process; needed by the time of start.</summary>
    public Process? Process { get; init; }

    /// <summary>The container's root file system; null where an image or a flag provides it.</summary>
    public Root? Root { get; init; }

    /// <summary>Host name inside the container's uts namespace, at most 64 bytes.</summary>
    public string? Hostname { get; init; }

    /// <summary>NIS domain name inside the container's uts namespace, at most 64 bytes.</summary>
    public string? Domainname { get; init; }

    /// <summary>Mounts over the root file system, made in this order.</summary>
    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>What is particular to Linux.</summary>
    public LinuxConfig? Linux { get; init; }

    /// <summary>Programs run at points of the container's life.</summary>
    public Hooks? Hooks { get; init; }

    /// <summary>Free metadata, by reverse domain names such as <c>org.csrun.image</c>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
