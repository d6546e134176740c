namespace Csrun.Plan.Requests;

/// <summary>What <c>csrun idmap mount</c> was asked for, as it was typed.</summary>
public sealed record IdMapMountRequest
{
    /// <summary>The values of <c>--map-mount</c>: entries of one map, or one path of a user namespace.</summary>
    public required IReadOnlyList<string> Maps { get; init; }

    /// <summary>Whether the mounts below the source come along, mapped as well.</summary>
    public bool Recursive { get; init; }

    /// <summary>The words of <c>-o</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The directory or file to show once more.</summary>
    public required string Source { get; init; }

    /// <summary>The directory or file to show it on.</summary>
    public required string Target { get; init; }

    /// <summary>Print the plan in this form and mount nothing; null: mount.</summary>
    public ExplainFormat? Explain { get; init; }
}
