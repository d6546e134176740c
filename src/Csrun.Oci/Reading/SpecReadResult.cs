namespace Csrun.Oci;

/// <summary>A configuration as it was read, with everything that is wrong with it.</summary>
public sealed record SpecReadResult
{
    /// <summary>Name of the file, for messages.</summary>
    public required string FileName { get; init; }

    /// <summary>
    /// The configuration; null where the text is not JSON, too large, or not an object. Values of the wrong type are
    /// left unset, so that the rest can still be checked; it may be used only when <see cref="Mistakes"/> is empty.
    /// </summary>
    public Spec? Spec { get; init; }

    /// <summary>What is wrong, in document order; empty for a usable configuration.</summary>
    public IReadOnlyList<ConfigMistake> Mistakes { get; init; } = [];

    /// <summary>What was ignored but looks unintended, such as a misspelt property name.</summary>
    public IReadOnlyList<ConfigMistake> Warnings { get; init; } = [];
}
