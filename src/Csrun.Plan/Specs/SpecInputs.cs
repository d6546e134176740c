using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

/// <summary>Everything that a container's specification is made of.</summary>
public sealed record SpecInputs
{
    /// <summary>The command line.</summary>
    public required RunRequest Request { get; init; }

    /// <summary>The container's ID, 64 hexadecimal digits.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The root file system's directory on the host.</summary>
    public required string RootPath { get; init; }

    /// <summary>The process's identity, resolved in the image's account files from <see cref="SpecBuilder.WantedUser"/>.</summary>
    public required ResolvedUser User { get; init; }

    /// <summary>The maps of the container's user namespace; null: it stays in csrun's.</summary>
    public required IdMapPair? Maps { get; init; }

    /// <summary>Caller and host.</summary>
    public required CallerFacts Caller { get; init; }

    /// <summary>The system call filter that <c>--security-opt seccomp=</c> chose, or the default one.</summary>
    public Oci.Seccomp? Seccomp { get; init; }

    /// <summary>The image's own wishes.</summary>
    public ImageDefaults Image { get; init; } = ImageDefaults.None;

    /// <summary>The configuration of <c>--config</c>, or null.</summary>
    public Spec? Config { get; init; }
}
