namespace Csrun.Plan.Tests;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its directory: the one above the tests that has the solution.</summary>
    public static string Directory { get; } = Find();

    private static string Find()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "runtime.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        return root ?? throw new InvalidOperationException("runtime.sln not found");
    }
}
