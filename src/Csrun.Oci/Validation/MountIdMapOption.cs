using System.Globalization;

namespace Csrun.Oci;

/// <summary>
/// The mount option that asks for an ID-mapped mount: <c>idmap</c> or <c>ridmap</c>, alone or in crun's and podman's
/// spelling with ranges, <c>idmap=uids=C-H-N#C-H-N;gids=C-H-N</c>.
/// </summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux mount options"; crun(1), "IDMAPPED MOUNTS".</remarks>
public static class MountIdMapOption
{
    /// <summary>Whether a mount option is this one, with ranges or without.</summary>
    public static bool IsPresent(string option) =>
        option is "idmap" or "ridmap" || HasRanges(option);

    /// <summary>Whether it is this one and carries ranges.</summary>
    public static bool HasRanges(string option) =>
        option.StartsWith("idmap=", StringComparison.Ordinal) || option.StartsWith("ridmap=", StringComparison.Ordinal);

    /// <summary>Reads the ranges: first ID on disk, what it counts as at the mount point, how many.</summary>
    /// <param name="option">The whole option.</param>
    /// <param name="uids">Mappings of user IDs.</param>
    /// <param name="gids">Mappings of group IDs.</param>
    /// <returns>False where it is not of that form, or names only one kind of ID.</returns>
    /// <remarks>crun's relative ranges (<c>@0-1000-1</c>, counted inside the container's user namespace) are not accepted.</remarks>
    public static bool TryParse(string option, out IReadOnlyList<LinuxIdMapping> uids, out IReadOnlyList<LinuxIdMapping> gids)
    {
        List<LinuxIdMapping> users = [];
        List<LinuxIdMapping> groups = [];
        (uids, gids) = (users, groups);
        if (!HasRanges(option))
        {
            return false;
        }

        ReadOnlySpan<char> ranges = option.AsSpan(option.IndexOf('=', StringComparison.Ordinal) + 1);
        foreach (Range part in ranges.Split(';'))
        {
            ReadOnlySpan<char> kind = ranges[part];
            bool isUsers = kind.StartsWith("uids=");
            if ((!isUsers && !kind.StartsWith("gids=")) || !TryParseList(kind[5..], isUsers ? users : groups))
            {
                return false;
            }
        }

        return users.Count > 0 && groups.Count > 0;
    }

    private static bool TryParseList(ReadOnlySpan<char> list, List<LinuxIdMapping> mappings)
    {
        Span<uint> numbers = stackalloc uint[3];
        foreach (Range part in list.Split('#'))
        {
            int count = 0;
            ReadOnlySpan<char> range = list[part];
            foreach (Range field in range.Split('-'))
            {
                if (count == 3 || !uint.TryParse(range[field], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[count]))
                {
                    return false;
                }

                count++;
            }

            if (count != 3 || numbers[2] == 0)
            {
                return false;
            }

            mappings.Add(new LinuxIdMapping(numbers[0], numbers[1], numbers[2]));
        }

        return true;
    }
}
