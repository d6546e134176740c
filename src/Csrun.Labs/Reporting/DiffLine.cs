namespace Csrun.Labs.Reporting;

/// <summary>One line of a comparison.</summary>
/// <param name="Kind">On which side it is.</param>
/// <param name="Text">The line: as printed, or the pattern for one that is missing.</param>
public readonly record struct DiffLine(DiffKind Kind, string Text);
