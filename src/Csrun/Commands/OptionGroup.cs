namespace Csrun.Commands;

/// <summary>Options that help and manual show under one heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Options">The options.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<CliOption> Options);
