using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Mounts;

/// <summary>Finds the processes that keep a mount busy.</summary>
public static class MountUsers
{
    /// <summary>Each as <c>process 4242 (bash): its working directory</c>; those that the caller may not look at are missing.</summary>
    public static IReadOnlyList<string> Of(MountEntry mount)
    {
        List<string> users = [];
        foreach (string pid in Names("/proc"))
        {
            if (int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _) && Use(pid, mount) is { } use)
            {
                users.Add($"process {pid} ({SmallFile.Read($"/proc/{pid}/comm")?.Trim() ?? "?"}): {use}");
            }
        }

        return users;
    }

    private static string? Use(string pid, MountEntry mount)
    {
        foreach ((string link, string what) in (ReadOnlySpan<(string, string)>)[("cwd", "its working directory"), ("root", "its root directory"), ("exe", "its program")])
        {
            SysResult opened = Sys.Openat2(null, $"/proc/{pid}/{link}", OpenFlags.O_PATH);
            if (!opened.Ok)
            {
                continue;
            }

            using SafeFd fd = new(opened.Int);
            if (Sys.Statx(fd, "", out FileStat stat).Ok && stat.mnt_id == (ulong)mount.Id)
            {
                return what;
            }
        }

        string wanted = $"mnt_id:\t{mount.Id}";
        foreach (string fd in Names($"/proc/{pid}/fdinfo"))
        {
            if (SmallFile.Read($"/proc/{pid}/fdinfo/{fd}")?.Split('\n').Contains(wanted) == true)
            {
                return $"its descriptor {fd}";
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Names(string directory)
    {
        SysResult opened = Sys.Openat2(null, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            return [];
        }

        using SafeFd fd = new(opened.Int);
        return DirectoryNames.Of(fd);
    }
}
