namespace Csrun.Integration.Tests.Harness;

/// <summary>Directory trees with files of many owners.</summary>
public static class Tree
{
    /// <summary>Removes a tree; as an ordinary user with the subordinate IDs mapped, for files that belong to them.</summary>
    public static void Delete(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        if (Host.IsRoot || Tool.Run("rm", "-rf", "--", path).ExitCode != 0)
        {
            Tool.Run("unshare", Host.IsRoot
                ? ["--mount", "rm", "-rf", "--one-file-system", "--", path]
                : ["--user", "--map-root-user", "--map-auto", "rm", "-rf", "--", path]);
        }
    }

    /// <summary>Every directory below <paramref name="path"/>, down to <paramref name="depth"/> levels, as this process can see them.</summary>
    public static SortedSet<string> Directories(string path, int depth)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Walk(path, depth, found);
        return found;
    }

    private static void Walk(string path, int depth, SortedSet<string> found)
    {
        string[] children;
        try
        {
            children = Directory.GetDirectories(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return; // closed to us, or gone meanwhile
        }

        foreach (string child in children)
        {
            found.Add(child);
            if (depth > 1 && new FileInfo(child).LinkTarget is null)
            {
                Walk(child, depth - 1, found);
            }
        }
    }
}
