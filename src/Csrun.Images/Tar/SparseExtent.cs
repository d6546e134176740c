namespace Csrun.Images.Tar;

/// <summary>A stretch of a sparse file that holds data; the rest reads as zeros.</summary>
/// <param name="Offset">Where it starts in the file, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
public readonly record struct SparseExtent(long Offset, long Length);
