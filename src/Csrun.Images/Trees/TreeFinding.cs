using Csrun.Linux.Abi;

namespace Csrun.Images.Trees;

/// <summary>What stands in the way of working on a tree.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where, from the path of the tree on, as messages show it.</param>
/// <param name="Errno">Why, for <see cref="TreeFindingKind.Failed"/>.</param>
public readonly record struct TreeFinding(TreeFindingKind Kind, string Path, Errno Errno = Errno.None);
