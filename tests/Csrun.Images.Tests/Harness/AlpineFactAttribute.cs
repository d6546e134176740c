namespace Csrun.Images.Tests.Harness;

/// <summary>A test that unpacks the real Alpine root file system.</summary>
public sealed class AlpineFactAttribute : FactAttribute
{
    public AlpineFactAttribute() => Skip = Tarball is null ? "needs the Alpine image alpine-minirootfs-3.20.3-x86_64.tar.gz in CSRUN_IMAGE_PATH" : null;

    /// <summary>The tarball's path, or null.</summary>
    public static string? Tarball => Directories
        .Select(directory => Path.Combine(directory, "alpine-minirootfs-3.20.3-x86_64.tar.gz"))
        .FirstOrDefault(File.Exists);

    /// <summary>The directories of CSRUN_IMAGE_PATH.</summary>
    public static string[] Directories => (Environment.GetEnvironmentVariable("CSRUN_IMAGE_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
}
