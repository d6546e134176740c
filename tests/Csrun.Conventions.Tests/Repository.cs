namespace Csrun.Conventions.Tests;

/// <summary>The files of the repository, without what is built.</summary>
internal static class Repository
{
    private static readonly string[] s_built = ["bin", "obj", "artifacts", ".git", "TestResults"];

    /// <summary>The directory with runtime.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>Files below a directory of the repository that end so; built ones are left out.</summary>
    public static IEnumerable<string> Files(string directory, string ending)
    {
        Stack<string> open = new([Path.Combine(Root, directory)]);
        while (open.TryPop(out string? current))
        {
            if (!Directory.Exists(current))
            {
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(current).Where(file => file.EndsWith(ending, StringComparison.Ordinal)))
            {
                yield return file;
            }

            foreach (string child in Directory.EnumerateDirectories(current))
            {
                if (!s_built.Contains(Path.GetFileName(child)) && new FileInfo(child).LinkTarget is null)
                {
                    open.Push(child);
                }
            }
        }
    }

    /// <summary>Fails with every offence listed, one a line.</summary>
    public static void AssertNone(IEnumerable<string> offences, string rule)
    {
        string[] found = [.. offences];
        Assert.True(found.Length == 0, $"{rule}:\n{string.Join('\n', found)}");
    }

    private static string FindRoot()
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
