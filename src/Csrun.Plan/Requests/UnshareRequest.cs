namespace Csrun.Plan.Requests;

/// <summary>One <c>csrun unshare</c>, read from its command line.</summary>
public sealed record UnshareRequest
{
    /// <summary>The command and its arguments, untouched; empty: the caller's shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Whether the user namespace stays without ID maps (<c>--no-map</c>).</summary>
    public bool NoMap { get; init; }

    /// <summary>The maps asked for (<c>--userns</c>), as written; null: private.</summary>
    public string? Userns { get; init; }

    /// <summary>The <c>--uidmap C:H:N</c> as written.</summary>
    public IReadOnlyList<string> UidMaps { get; init; } = [];

    /// <summary>The <c>--gidmap C:H:N</c> as written.</summary>
    public IReadOnlyList<string> GidMaps { get; init; } = [];

    /// <summary>In which form to print the plan instead of carrying it out; null: carry it out.</summary>
    public ExplainFormat? Explain { get; init; }
}
