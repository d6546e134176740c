using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Images made for one test: the busybox root file system with something planted in it.</summary>
public static class HostileImage
{
    /// <summary>Makes an image that <c>csrun run NAME</c> finds with <see cref="SearchPath"/>.</summary>
    /// <param name="sandbox">The class's world.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="plant">Changes the root file system before it is packed.</param>
    /// <returns>The directory that holds the tarball.</returns>
    public static string Make(Sandbox sandbox, string name, Action<string> plant)
    {
        string root = TestRootfs.Make(sandbox, Identity.User);
        plant(root);
        string directory = sandbox.Directory(Identity.User, "images");
        Tool.Check("tar", "-C", root, "--owner=0", "--group=0", "--numeric-owner", "-czf", Path.Combine(directory, $"{name}-1.tar.gz"), ".");
        return directory;
    }

    /// <summary>The environment in which csrun finds the images of a directory.</summary>
    public static Dictionary<string, string?> SearchPath(string directory) => new() { ["CSRUN_IMAGE_PATH"] = directory };

    /// <summary>Puts a symbolic link in the place of whatever is there.</summary>
    public static void Link(string root, string path, string target)
    {
        string link = Path.Combine(root, path);
        if (Directory.Exists(link) && new FileInfo(link).LinkTarget is null)
        {
            Directory.Delete(link, recursive: true);
        }

        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }
}
