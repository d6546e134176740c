using Csrun.Images.Store;

namespace Csrun.Images.Fetching;

/// <summary>The tarball of one architecture.</summary>
/// <param name="Architecture">As <c>uname -m</c> says it.</param>
/// <param name="Url">Where it is, https.</param>
/// <param name="Digest">What it must be.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record ImageVariant(string Architecture, string Url, Digest Digest, long Size);
