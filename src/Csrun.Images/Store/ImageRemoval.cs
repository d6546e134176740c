using System.Collections.Immutable;

namespace Csrun.Images.Store;

/// <summary>What became of removing an image.</summary>
/// <param name="Names">The names that are gone.</param>
/// <param name="Digest">The digest they stood for.</param>
/// <param name="Deleted">Whether that was its last name, so that tarball and trees are gone too.</param>
/// <param name="Trees">Directories in tmp/ that hold the trees until <see cref="ImageStore.CleanTmp()"/>.</param>
public sealed record ImageRemoval(ImmutableArray<ImageName> Names, Digest Digest, bool Deleted, ImmutableArray<string> Trees);
