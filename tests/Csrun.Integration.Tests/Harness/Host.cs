namespace Csrun.Integration.Tests.Harness;

/// <summary>The machine that the tests run on, looked at once.</summary>
public static class Host
{
    private const string Alpine3203 = "alpine-minirootfs-3.20.3-*.tar.gz";

    /// <summary>The repository's root: the directory with runtime.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>True when the tests themselves run as root, so that they can become any user.</summary>
    public static bool IsRoot { get; } = Environment.UserName == "root";

    /// <summary>The ordinary user: csrun-test when the tests run as root, else whoever runs them.</summary>
    public static Account? User { get; } = Account.Find(IsRoot ? "csrun-test" : Environment.UserName);

    /// <summary>The user without subordinate IDs.</summary>
    public static Account? NoSubIds { get; } = Account.Find("csrun-nosub");

    /// <summary>root.</summary>
    public static Account Root { get; } = Account.Find("root") ?? throw new InvalidOperationException("/etc/passwd has no root");

    /// <summary>Files that every user can reach: the binary and the images, copied where the checkout is closed to others.</summary>
    public static Staging Staging { get; } = new();

    /// <summary>The binary under test, where every user can run it.</summary>
    public static string Csrun { get; } = Staging.File(
        Environment.GetEnvironmentVariable("CSRUN_BIN") is { Length: > 0 } binary ? binary : Path.Combine(Repository, "bin", "csrun"));

    /// <summary>Its symbols.</summary>
    public static string CsrunSymbols { get; } =
        Environment.GetEnvironmentVariable("CSRUN_BIN") is { Length: > 0 } binary ? binary + ".dbg" : Path.Combine(Repository, "bin", "csrun.dbg");

    /// <summary>CSRUN_IMAGE_PATH for every run: what the caller has set, and the embedded images.</summary>
    public static string ImagePath { get; } = string.Join(':', ImageDirectories().Select(Staging.Directory));

    /// <summary>True where the real 3.20.3 tarball can be found.</summary>
    public static bool HasAlpine { get; } = ImagePath.Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => Directory.EnumerateFiles(directory, Alpine3203).Any());

    /// <summary>The image for tests that any image serves.</summary>
    public static string AnyImage => HasAlpine ? "alpine" : "busybox";

    /// <summary>The account behind an identity.</summary>
    public static Account Of(Identity identity) => identity switch
    {
        Identity.User => User,
        Identity.NoSubIds => NoSubIds,
        _ => Root,
    } ?? throw new InvalidOperationException($"no account for {identity}: run scripts/setup.sh as root");

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string program) =>
        "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin".Split(':').Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> ImageDirectories() =>
        (Environment.GetEnvironmentVariable("CSRUN_IMAGE_PATH") ?? Path.Combine(Repository, "..", "shared", "images"))
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(Repository, "bin", "images"))
            .Where(Directory.Exists)
            .Select(Path.GetFullPath);

    private static string FindRepository()
    {
        for (string? directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "runtime.sln")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException("runtime.sln not found above " + AppContext.BaseDirectory);
    }
}
