namespace Csrun.Images.Store;

/// <summary>What a name stands for.</summary>
/// <param name="Record">The image.</param>
/// <param name="TreePath">Its unpacked root file system for the asked ID map, or null when there is none yet.</param>
/// <param name="Origin">Where it was taken from just now; null when the store had it.</param>
public sealed record ResolvedImage(ImageRecord Record, string? TreePath, string? Origin)
{
    /// <summary>Its name.</summary>
    public ImageName Name => Record.Name;

    /// <summary>The digest of its tarball.</summary>
    public Digest Digest => Record.Digest;

    /// <summary>What it asks to be run with.</summary>
    public ImageConfig Config => Record.Config;
}
