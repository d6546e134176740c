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

    /// <summary>Whether the ranges of an option can be read and name both kinds of ID; what they mean is not looked at.</summary>
    /// <param name="option">The whole option.</param>
    /// <remarks>First ID on disk, what it counts as at the mount point, how many. crun's <c>@0-1000-1</c> counts in the container's user namespace.</remarks>
    public static bool HasReadableRanges(string option)
    {
        if (!HasRanges(option))
        {
            return false;
        }

        bool users = false, groups = false;
        ReadOnlySpan<char> ranges = option.AsSpan(option.IndexOf('=', StringComparison.Ordinal) + 1);
        foreach (Range part in ranges.Split(';'))
        {
            ReadOnlySpan<char> kind = ranges[part];
            bool isUsers = kind.StartsWith("uids=");
            if ((!isUsers && !kind.StartsWith("gids=")) || (isUsers ? users : groups) || !IsList(kind[5..]))
            {
                return false;
            }

            users |= isUsers;
            groups |= !isUsers;
        }

        return users && groups;
    }

    private static bool IsList(ReadOnlySpan<char> list)
    {
        foreach (Range part in list.Split('#'))
        {
            int count = 0;
            uint number = 0;
            ReadOnlySpan<char> range = list[part];
            range = range.StartsWith('@') ? range[1..] : range;
            foreach (Range field in range.Split('-'))
            {
                if (count++ == 3 || !uint.TryParse(range[field], NumberStyles.None, CultureInfo.InvariantCulture, out number))
                {
                    return false;
                }
            }

            if (count != 3 || number == 0)
            {
                return false;
            }
        }

        return true;
    }
}
