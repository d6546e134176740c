using Csrun.Linux;

namespace Csrun.Plan.Cgroups;

/// <summary>A container's unit of systemd, as the driver of that name reads it from <c>linux.cgroupsPath</c>: <c>slice:prefix:name</c>.</summary>
/// <param name="Slice">The slice, such as <c>user.slice</c>.</param>
/// <param name="Name">The unit, such as <c>libpod-abc.scope</c>.</param>
public sealed record SystemdUnit(string Slice, string Name)
{
    /// <summary>Reads a path.</summary>
    /// <param name="cgroupsPath">The configuration's path; null or empty: csrun's choice.</param>
    /// <param name="containerId">The container's ID.</param>
    /// <param name="user">Whether the user's own systemd makes it.</param>
    /// <exception cref="CsrunException">It is not of that form.</exception>
    public static SystemdUnit Parse(string? cgroupsPath, string containerId, bool user)
    {
        if (string.IsNullOrEmpty(cgroupsPath))
        {
            return new SystemdUnit(user ? "user.slice" : "system.slice", $"csrun-{containerId}.scope");
        }

        string[] parts = cgroupsPath.Split(':');
        if (parts.Length != 3 || parts[2].Length == 0)
        {
            throw new CsrunException($"{CgroupPath.JsonPath} \"{cgroupsPath}\"", "systemd's units are named slice:prefix:name, such as system.slice:csrun:box", "leave --systemd-cgroup out for a path of directories");
        }

        string slice = parts[0].Length == 0 ? (user ? "user.slice" : "system.slice") : parts[0];
        if (!IsUnitName(slice) || !slice.EndsWith(".slice", StringComparison.Ordinal) || !IsUnitName(parts[1] + parts[2]))
        {
            throw new CsrunException($"{CgroupPath.JsonPath} \"{cgroupsPath}\"", "a slice ends with .slice, and names of units have letters, digits, and : - _ . \\ @ alone", "system.slice:csrun:box");
        }

        return new SystemdUnit(slice, parts[2].EndsWith(".slice", StringComparison.Ordinal) ? parts[2] : parts[1].Length == 0 ? $"{parts[2]}.scope" : $"{parts[1]}-{parts[2]}.scope");
    }

    /// <summary>Where systemd puts a slice: <c>a-b.slice</c> lies in <c>a.slice</c> (systemd.slice(5)).</summary>
    public string SlicePath
    {
        get
        {
            if (Slice == "-.slice")
            {
                return "/";
            }

            string stem = Slice[..^".slice".Length];
            string path = "";
            for (int dash = stem.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = stem.IndexOf('-', dash + 1))
            {
                path += $"/{stem[..dash]}.slice";
            }

            return $"{path}/{Slice}";
        }
    }

    private static bool IsUnitName(string name)
    {
        bool right = name.Length is > 0 and <= 255;
        foreach (char c in name)
        {
            right &= char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@';
        }

        return right;
    }
}
