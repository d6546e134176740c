using System.Collections.Immutable;

namespace Csrun.Linux.Child;

/// <summary>What one operation of a program does with slots, for the tests of plans: none of it is needed to run them.</summary>
/// <param name="Step">The plan's step.</param>
/// <param name="IsCall">Whether the kernel sees it as a call of its own; moving a number between a slot and memory is none.</param>
/// <param name="Reads">The slots whose values it uses.</param>
/// <param name="Writes">The slot that takes its result, or -1.</param>
internal readonly record struct RawUse(int Step, bool IsCall, ImmutableArray<int> Reads, int Writes);
