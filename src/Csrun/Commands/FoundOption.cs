namespace Csrun.Commands;

/// <summary>One option of an argv in its canonical form.</summary>
/// <param name="Name">Its long name.</param>
/// <param name="Value">Its value; null when it has none.</param>
internal readonly record struct FoundOption(string Name, string? Value);
