namespace Csrun.Integration.Tests.Harness;

/// <summary>A directory open to every user, for files that stand in a checkout which may be closed to others.</summary>
public sealed class Staging
{
    private const UnixFileMode Everyone = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _root = Path.Combine("/var/tmp", $"csrun-it-{Environment.ProcessId}");

    /// <summary>Makes the directory and has it removed with everything below when the test run ends.</summary>
    public Staging()
    {
        System.IO.Directory.CreateDirectory(_root);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Tree.Delete(_root);
    }

    /// <summary>A new directory below the staging directory, owned by <paramref name="owner"/>, mode 0755.</summary>
    public string Make(string name, Account owner)
    {
        string path = Path.Combine(_root, name);
        System.IO.Directory.CreateDirectory(path);
        if (Host.IsRoot)
        {
            Tool.Check("chown", $"{owner.Uid}:{owner.Gid}", path);
        }

        return path;
    }

    /// <summary>The file itself where every user can reach it, else a copy.</summary>
    public string File(string path)
    {
        if (!Host.IsRoot || !System.IO.File.Exists(path) || IsOpen(path))
        {
            return path;
        }

        string copy = Path.Combine(_root, "files", Path.GetFileName(path));
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        System.IO.File.Copy(path, copy, overwrite: true);
        Tool.Check("chmod", "0755", copy);
        return copy;
    }

    /// <summary>The directory itself where every user can reach it and its files, else a copy.</summary>
    public string Directory(string path)
    {
        if (!Host.IsRoot || IsOpen(path))
        {
            return path;
        }

        string copy = Path.Combine(_root, "directories", path.Replace('/', '_'));
        System.IO.Directory.CreateDirectory(copy);
        foreach (string file in System.IO.Directory.EnumerateFiles(path))
        {
            System.IO.File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        Tool.Check("chmod", "-R", "a+rX", copy);
        return copy;
    }

    private static bool IsOpen(string path)
    {
        for (string? step = Path.GetFullPath(path); step is not null; step = Path.GetDirectoryName(step))
        {
            if ((System.IO.File.GetUnixFileMode(step) & Everyone) != Everyone)
            {
                return false;
            }
        }

        return true;
    }
}
