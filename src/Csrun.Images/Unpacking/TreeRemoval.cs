using Csrun.Linux.Abi;

namespace Csrun.Images.Unpacking;

/// <summary>What became of removing a tree.</summary>
/// <param name="Removed">How many files and directories are gone.</param>
/// <param name="FirstFailure">The first path that could not be removed, from the tree's own name on; null when all is gone.</param>
/// <param name="Errno">Why not: EACCES or EPERM when it belongs to an ID that only the user namespace has, EXDEV or EBUSY when it is a mount point.</param>
public readonly record struct TreeRemoval(long Removed, string? FirstFailure, Errno Errno)
{
    /// <summary>Whether all is gone.</summary>
    public bool Complete => FirstFailure is null;
}
