namespace Csrun.Images.Store;

/// <summary>What the file name of a root file system tarball says: <c>alpine-minirootfs-3.20.3-x86_64.tar.gz</c>.</summary>
/// <param name="Stem">Its name without <c>.tar</c> and what follows.</param>
/// <param name="Rest">What follows the image's name in it, without the dash; empty for <c>NAME.tar</c>.</param>
/// <param name="IsOwnArchitecture">Whether the name has this machine's architecture (true), another (false) or none (null).</param>
internal sealed record TarballName(string Stem, string Rest, bool? IsOwnArchitecture)
{
    /// <summary>Reads a file name.</summary>
    /// <returns>Null when it is no tarball of <paramref name="image"/>.</returns>
    internal static TarballName? TryParse(string fileName, string image)
    {
        if (StemOf(fileName) is not { } stem || !stem.StartsWith(image, StringComparison.Ordinal)
            || (stem.Length > image.Length && stem[image.Length] != '-'))
        {
            return null;
        }

        string rest = stem.Length > image.Length ? stem[(image.Length + 1)..] : "";
        bool? own = null;
        foreach (string word in rest.Split('-', '.'))
        {
            // x86_64 has the underscore inside; others may be joined by one.
            own = MachineArchitecture.IsOwn(word) ?? own;
        }

        return new TarballName(stem, rest, own);
    }

    /// <summary>The name without <c>.tar</c>, <c>.tar.gz</c>, <c>.tgz</c> and the like, or null when it is no tarball's.</summary>
    internal static string? StemOf(string fileName)
    {
        foreach (string ending in (ReadOnlySpan<string>)[".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".txz", ".tar.bz2"])
        {
            if (fileName.EndsWith(ending, StringComparison.Ordinal) && fileName.Length > ending.Length)
            {
                return fileName[..^ending.Length];
            }
        }

        return null;
    }

    /// <summary>Whether the tag is in the rest of the name as whole words, as the beginning of a version: 3.16 in 3.16.9, not in 3.160.</summary>
    internal bool HasTag(string tag)
    {
        for (int at = Rest.IndexOf(tag, StringComparison.Ordinal); at >= 0; at = Rest.IndexOf(tag, at + 1, StringComparison.Ordinal))
        {
            int end = at + tag.Length;
            if ((at == 0 || Rest[at - 1] is '-' or '_') && (end == Rest.Length || Rest[end] is '-' or '_' or '.'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first word of the rest that starts like a version; empty when there is none.</summary>
    internal string Version
    {
        get
        {
            foreach (string word in Rest.Split('-'))
            {
                ReadOnlySpan<char> digits = word.StartsWith('v') ? word.AsSpan(1) : word;
                if (!digits.IsEmpty && char.IsAsciiDigit(digits[0]))
                {
                    return digits.ToString();
                }
            }

            return "";
        }
    }
}
