using System.Buffers.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Processes;

/// <summary>Fields of /proc/PID/stat (proc(5)).</summary>
public static class ProcessStat
{
    private const int First = 3; // of the fields after the name
    private const int Flags = 9;
    private const ulong PF_FORKNOEXEC = 0x40;

    /// <summary>Whether a process has executed a program since it was forked; also of one that has ended and was not reaped yet. Null when it is not in sight.</summary>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    public static bool? HasExecuted(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        return Utf8Parser.TryParse(Field(Read(pid, buffer), Flags), out ulong flags, out _) ? (flags & PF_FORKNOEXEC) == 0 : null;
    }

    /// <summary>The fields from the third on; empty when there is no such process.</summary>
    internal static ReadOnlySpan<byte> Read(int pid, Span<byte> buffer)
    {
        SysResult opened = Sys.Openat2(null, $"/proc/{pid}/stat", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return [];
        }

        using SafeFd fd = new(opened.Int);
        SysResult read = Sys.Read(fd, buffer);
        ReadOnlySpan<byte> text = read.Ok ? buffer[..read.Int] : [];
        // Field 2, the name in parentheses, may hold anything; the last parenthesis ends it.
        return text[(text.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
    }

    /// <summary>One field, by its number in proc(5).</summary>
    internal static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text, int number)
    {
        for (int field = First; field < number; field++)
        {
            int space = text.IndexOf((byte)' ');
            text = space < 0 ? [] : text[(space + 1)..];
        }

        int end = text.IndexOf((byte)' ');
        return end < 0 ? text : text[..end];
    }
}
