using Csrun.Linux.Abi;

namespace Csrun.Runtime.Ownership;

/// <summary>What a change of owners came to.</summary>
/// <param name="Changed">How many files and directories have another owner now.</param>
/// <param name="Skipped">How many were left as they are: those that had the owner already or, when undoing, that somebody else changed since.</param>
/// <param name="Failed">How many could not be changed.</param>
/// <param name="FirstFailure">The first of them, for people; null where there is none.</param>
/// <param name="Errno">Why it could not.</param>
public sealed record OwnerTally(long Changed, long Skipped, long Failed, string? FirstFailure, Errno Errno);
