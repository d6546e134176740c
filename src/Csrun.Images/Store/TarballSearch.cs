namespace Csrun.Images.Store;

/// <summary>Finds root file system tarballs by name in the directories of a search path.</summary>
internal static class TarballSearch
{
    /// <summary>The best tarball for <paramref name="name"/>: in the first directory that has one, the highest version for this machine's architecture.</summary>
    /// <param name="name">The image.</param>
    /// <param name="directories">The search path; what is missing or unreadable is passed over.</param>
    /// <param name="foreign">A tarball that would fit but for its architecture, when none is returned.</param>
    internal static string? Find(ImageName name, IReadOnlyList<string> directories, out string? foreign)
    {
        foreign = null;
        if (name.Repository.Contains('/', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (string directory in directories)
        {
            string? best = null;
            TarballName? bestName = null;
            foreach (string path in FilesOf(directory))
            {
                TarballName? candidate = TarballName.TryParse(Path.GetFileName(path), name.Repository);
                if (candidate is null || (name.Tag != ImageName.DefaultTag && !candidate.HasTag(name.Tag)))
                {
                    continue;
                }

                if (candidate.IsOwnArchitecture == false)
                {
                    foreign ??= path;
                }
                else if (bestName is null || IsBetter(candidate, bestName))
                {
                    (best, bestName) = (path, candidate);
                }
            }

            if (best is not null)
            {
                foreign = null;
                return best;
            }
        }

        return null;
    }

    /// <summary>The image names that the tarballs of a directory suggest, for "did you mean".</summary>
    internal static IEnumerable<string> Names(IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            foreach (string path in FilesOf(directory))
            {
                if (TarballName.StemOf(Path.GetFileName(path)) is { } stem)
                {
                    yield return stem.Split('-')[0];
                }
            }
        }
    }

    private static bool IsBetter(TarballName candidate, TarballName best)
    {
        int order = VersionOrder.Compare(candidate.Version, best.Version);
        if (order == 0)
        {
            // One that names the architecture is surer than one that names none; then any fixed order.
            order = (candidate.IsOwnArchitecture == true).CompareTo(best.IsOwnArchitecture == true);
        }

        return order != 0 ? order > 0 : string.CompareOrdinal(candidate.Stem, best.Stem) > 0;
    }

    private static string[] FilesOf(string directory)
    {
        try
        {
            return directory.Length == 0 ? [] : Directory.GetFiles(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
