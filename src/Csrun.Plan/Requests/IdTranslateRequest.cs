using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Requests;

/// <summary>What <c>csrun idmap translate</c> was asked for, as it was typed.</summary>
public sealed record IdTranslateRequest
{
    /// <summary>IDs, and files whose owners are meant.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Whether IDs are users'; with neither this nor <see cref="Groups"/> they are.</summary>
    public bool Users { get; init; }

    /// <summary>Whether IDs are groups'.</summary>
    public bool Groups { get; init; }

    /// <summary>Where IDs are counted; null: in the container when one is named, on disk otherwise.</summary>
    public IdPlace? From { get; init; }

    /// <summary>A process whose user namespace is the container's, or null.</summary>
    public string? Pid { get; init; }

    /// <summary>A running container whose maps are meant, or null.</summary>
    public string? Container { get; init; }

    /// <summary>The container's map as C:H:N, where it is given and not looked up.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>The mount's map as b:DISK:SHOWN:COUNT, where it is given and not looked up.</summary>
    public IReadOnlyList<string> MountMaps { get; init; } = [];

    /// <summary>Whether to print JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Whether to draw with characters.</summary>
    public bool Draw { get; init; }

    /// <summary>Whether to draw as SVG.</summary>
    public bool Svg { get; init; }
}
