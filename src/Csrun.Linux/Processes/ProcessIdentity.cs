using System.Buffers.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Processes;

/// <summary>Which process a number meant: process IDs are used again, a start time tells them apart.</summary>
/// <param name="Pid">The process ID, in csrun's PID namespace.</param>
/// <param name="StartTime">When it started, in clock ticks since the machine did: field 22 of /proc/PID/stat (proc(5)).</param>
public readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    private const int StartTimeField = 22;

    /// <summary>The process that has this number now; null when there is none, or it has ended and waits to be reaped.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        ReadOnlySpan<byte> text = ProcessStat.Read(pid, buffer);
        return text is not ([(byte)'Z' or (byte)'X', ..]) && Utf8Parser.TryParse(ProcessStat.Field(text, StartTimeField), out ulong start, out _) ? new ProcessIdentity(pid, start) : null;
    }

    /// <summary>The number of the process behind a pidfd, in csrun's PID namespace: the line Pid of /proc/self/fdinfo (pidfd_open(2)).</summary>
    /// <param name="pidfd">The process.</param>
    /// <returns>0 or less when it has ended and was reaped, or is not in sight.</returns>
    public static int PidOf(SafeFd pidfd)
    {
        using SafeFd info = Sys.Openat2(null, $"/proc/self/fdinfo/{pidfd.Number}", OpenFlags.O_RDONLY).FdOrThrow("openat2", "/proc/self/fdinfo");
        Span<byte> buffer = stackalloc byte[512];
        SysResult read = Sys.Read(info, buffer);
        ReadOnlySpan<byte> text = read.Ok ? buffer[..read.Int] : [];
        int at = text.IndexOf("Pid:\t"u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + 5)..], out int pid, out _) ? pid : 0;
    }

    /// <summary>The number that a process has in its own PID namespace: the last one of the line NSpid of /proc/PID/status.</summary>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    public static int InnermostPid(int pid)
    {
        using SafeFd status = Sys.Openat2(null, $"/proc/{pid}/status", OpenFlags.O_RDONLY).FdOrThrow("openat2", $"/proc/{pid}/status");
        Span<byte> buffer = stackalloc byte[4096];
        SysResult read = Sys.Read(status, buffer);
        ReadOnlySpan<byte> text = read.Ok ? buffer[..read.Int] : [];
        int at = text.IndexOf("NSpid:"u8);
        ReadOnlySpan<byte> line = at < 0 ? [] : text[at..];
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)'\t') + 1)..], out int inner, out _) ? inner : pid;
    }

    /// <summary>The process by descriptor, when it still is the one that was meant and has not ended.</summary>
    public SafeFd? Open()
    {
        if (Pid <= 0)
        {
            return null;
        }

        SysResult opened = Sys.PidfdOpen(Pid);
        if (!opened.Ok)
        {
            return null;
        }

        // Compared after the descriptor is there: from then on the number means this process or nothing.
        SafeFd pidfd = new(opened.Int);
        if (Of(Pid) == this)
        {
            return pidfd;
        }

        pidfd.Dispose();
        return null;
    }
}
