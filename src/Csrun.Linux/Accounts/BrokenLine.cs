namespace Csrun.Linux.Accounts;

/// <summary>A line of an account file that was skipped.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Why">What is wrong with it.</param>
public readonly record struct BrokenLine(int Number, string Why);
