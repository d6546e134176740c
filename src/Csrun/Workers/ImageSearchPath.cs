using Csrun.Runtime.Launch;

namespace Csrun.Workers;

/// <summary>Where root file system tarballs are looked for.</summary>
internal static class ImageSearchPath
{
    /// <summary>The directories of CSRUN_IMAGE_PATH, then those that belong to the product.</summary>
    internal static IReadOnlyList<string> Directories()
    {
        List<string> directories = [];
        foreach (string directory in (Environment.GetEnvironmentVariable("CSRUN_IMAGE_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            directories.Add(Path.GetFullPath(directory));
        }

        string? binary = Path.GetDirectoryName(SealedExecutable.Path);
        if (binary is not null)
        {
            directories.Add($"{binary}/images"); // a build tree: bin/csrun, bin/images
            directories.Add(Path.GetFullPath($"{binary}/../share/csrun/images")); // make install
        }

        return directories;
    }
}
