namespace Csrun.Oci;

/// <summary>One mistake in a configuration.</summary>
/// <param name="JsonPath">Where, such as <c>$.mounts[3].options[1]</c>; <c>$</c> is the whole document.</param>
/// <param name="Problem">What is wrong, lower case, without a full stop.</param>
/// <param name="Fix">What to write instead, where that is known.</param>
public sealed record ConfigMistake(string JsonPath, string Problem, string? Fix)
{
    /// <summary>Where in the file; null for a configuration that was not read from one.</summary>
    public TextPosition? Position { get; init; }

    /// <summary>Whether what stands there is left out: a warning that the runtime-spec asks for.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>One line for a person: path, position, problem and fix.</summary>
    public override string ToString() =>
        $"{JsonPath}{(Position is { } at ? $" (line {at.Line}, column {at.Column})" : "")}: {Problem}{(Fix is null ? "" : $"; {Fix}")}";
}
