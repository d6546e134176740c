using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Cgroups;

/// <summary>Files and directories of a control group, by the group's descriptor: no path is walked twice, and no link is followed.</summary>
internal static class CgroupFiles
{
    private const ResolveFlags Beneath = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS;
    private const int Limit = 4 << 20;

    /// <summary>Opens a group below another.</summary>
    public static SysResult Open(SafeFd parent, string name) => Sys.Openat2(parent, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, Beneath);

    /// <summary>Opens a file of the group to write to it.</summary>
    public static SysResult OpenToWrite(SafeFd group, string file) => Sys.Openat2(group, file, OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW, 0, Beneath);

    /// <summary>Writes a text to a file of the group, in one write(2).</summary>
    public static SysResult Write(SafeFd group, string file, string text)
    {
        SysResult opened = OpenToWrite(group, file);
        if (!opened.Ok)
        {
            return opened;
        }

        using SafeFd fd = new(opened.Int);
        return Sys.Write(fd, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A file's text without the newline at its end; null where there is none.</summary>
    public static string? Read(SafeFd group, string file)
    {
        SysResult opened = Sys.Openat2(group, file, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW, 0, Beneath);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd fd = new(opened.Int);
        return SmallFile.ReadAll(fd, Limit) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : null;
    }

    /// <summary>A file's number; <c>max</c> is the greatest one. Null where there is none.</summary>
    public static ulong? Number(SafeFd group, string file) => Read(group, file) is not { } text ? null
        : text == "max" ? ulong.MaxValue
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
        : null;

    /// <summary>A file's lines <c>KEY NUMBER</c>; empty where there is none.</summary>
    public static IReadOnlyDictionary<string, ulong> Table(SafeFd group, string file)
    {
        Dictionary<string, ulong> table = new(StringComparer.Ordinal);
        foreach (string line in (Read(group, file) ?? "").Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && ulong.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                table[line[..space]] = number;
            }
        }

        return table;
    }
}
