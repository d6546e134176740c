using Csrun.Linux;

namespace Csrun.Plan.Cgroups;

/// <summary>Reads <c>linux.cgroupsPath</c>.</summary>
public static class CgroupPath
{
    /// <summary>What stands for no path.</summary>
    public const string JsonPath = "$.linux.cgroupsPath";

    /// <summary>The group's path below a hierarchy's root, for the cgroupfs driver.</summary>
    /// <param name="path">The configuration's path; relative ones start from csrun's own group.</param>
    /// <param name="hierarchy">The hierarchy.</param>
    /// <param name="mode">The host's layout. Where version 2 has the controllers, a relative path starts beside csrun's group: in it
    /// csrun lives, and a group with processes cannot hand controllers down (cgroups(7), "no internal processes").</param>
    public static string Resolve(string path, CgroupHierarchy hierarchy, CgroupMode mode)
    {
        string clean = Clean(path);
        if (path.StartsWith('/'))
        {
            return clean;
        }

        string from = mode == CgroupMode.Unified ? Parent(hierarchy.OwnPath) : hierarchy.OwnPath;
        return from == "/" ? clean : from + clean;
    }

    /// <summary>Whether a path names the hierarchy's root, whose limits would be the host's.</summary>
    public static bool IsRoot(string path) => Clean(path) == "/";

    /// <summary>The group above.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    /// <summary>A leading slash, no empty components, no dots. ".." is refused when the configuration is read.</summary>
    private static string Clean(string path)
    {
        string clean = "";
        foreach (string part in path.Split('/'))
        {
            if (part is not ("" or "."))
            {
                clean += part == ".." ? throw new CsrunException($"{JsonPath} \"{path}\"", "it has a \"..\" component", "write the path it leads to") : $"/{part}";
            }
        }

        return clean.Length == 0 ? "/" : clean;
    }
}
