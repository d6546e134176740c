namespace Csrun.Runtime.Ownership;

/// <summary>One change of an owner, with IDs of the host.</summary>
/// <param name="Path">The name's raw bytes, from the tree's top; <c>.</c> is the top itself.</param>
/// <param name="OldUid">The user before.</param>
/// <param name="OldGid">The group before.</param>
/// <param name="NewUid">The user after.</param>
/// <param name="NewGid">The group after.</param>
public readonly record struct ChownEntry(byte[] Path, uint OldUid, uint OldGid, uint NewUid, uint NewGid);
