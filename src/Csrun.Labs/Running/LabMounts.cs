using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;

namespace Csrun.Labs.Running;

/// <summary>The mounts that a lab made.</summary>
internal static class LabMounts
{
    /// <summary>Detaches every mount in or on a directory, the inner ones first.</summary>
    /// <returns>What could not be detached, a line each.</returns>
    internal static List<string> Detach(string directory)
    {
        List<string> left = [];
        foreach (string mount in Below(directory))
        {
            SysResult detached = Sys.Umount2(mount, UmountFlags.MNT_DETACH | UmountFlags.UMOUNT_NOFOLLOW);
            if (!detached.Ok)
            {
                left.Add($"{mount}: umount2: {detached.Errno}");
            }
        }

        return left;
    }

    private static List<string> Below(string directory)
    {
        List<string> mounts = [];
        foreach (string line in File.ReadAllLines("/proc/self/mountinfo"))
        {
            // The fifth field of proc_pid_mountinfo(5); later lines were mounted later.
            if (line.Split(' ') is [_, _, _, _, { } field, ..] && Unescape(field) is { } path && (path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal)))
            {
                mounts.Add(path);
            }
        }

        mounts.Reverse();
        return mounts;
    }

    // Blanks, tabs, line ends and backslashes stand as \ooo.
    private static string Unescape(string field)
    {
        for (int at = field.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 3 < field.Length; at = field.IndexOf('\\', at + 1))
        {
            int code = ((field[at + 1] - '0') << 6) | ((field[at + 2] - '0') << 3) | (field[at + 3] - '0');
            field = string.Create(CultureInfo.InvariantCulture, $"{field[..at]}{(char)code}{field[(at + 4)..]}");
        }

        return field;
    }
}
