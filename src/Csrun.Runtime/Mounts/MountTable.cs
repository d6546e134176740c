using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Mounts;

/// <summary>Reads /proc/PID/mountinfo.</summary>
public static class MountTable
{
    private const int Limit = 64 << 20;

    /// <summary>The mounts that a process sees; null when it has ended or may not be looked at.</summary>
    /// <param name="pid">Its PID, or <c>self</c>.</param>
    public static MountInfo? Read(string pid = "self")
    {
        SysResult opened = Sys.Openat2(null, $"/proc/{pid}/mountinfo", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd fd = new(opened.Int);
        return SmallFile.ReadAll(fd, Limit) is { } bytes ? MountInfo.Parse(Encoding.UTF8.GetString(bytes)) : null;
    }

    /// <summary>The mount that a descriptor lies on; null when it is of another mount namespace.</summary>
    public static MountEntry? Of(this MountInfo mounts, SafeFd fd) =>
        Sys.Statx(fd, "", out FileStat stat).Ok ? mounts.Find(stat.mnt_id) : null;

    /// <summary>Where a descriptor's file is in csrun's own tree, as mountinfo would name it.</summary>
    public static string PathOf(SafeFd fd)
    {
        byte[] target = new byte[4096];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes(fd.ProcPath + "\0"), target);
        return read.Ok ? Encoding.UTF8.GetString(target, 0, read.Int) : fd.ProcPath;
    }
}
