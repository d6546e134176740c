using System.Buffers.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Child;

/// <summary>Where the kernel put this process's arguments and environment: what /proc/PID/cmdline and /proc/PID/environ show.</summary>
internal static class StartupStrings
{
    // proc(5): fields 48 arg_start and 51 env_end; the first one after the name in parentheses is field 3.
    private const int ArgStart = 48 - 3;
    private const int EnvEnd = 51 - 3;

    /// <summary>The address of the first byte and the length; a length of 0 when the kernel does not say.</summary>
    public static (long Address, long Length) Find()
    {
        SysResult opened = Sys.Openat2(null, "/proc/self/stat", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return default;
        }

        using SafeFd fd = new(opened.Int);
        Span<byte> buffer = stackalloc byte[2048];
        SysResult read = Sys.Read(fd, buffer);
        ReadOnlySpan<byte> text = read.Ok ? buffer[..read.Int] : [];
        text = text[(text.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        long start = 0, end = 0;
        for (int field = 0; field <= EnvEnd && !text.IsEmpty; field++)
        {
            _ = Utf8Parser.TryParse(text, out long value, out _);
            start = field == ArgStart ? value : start;
            end = field == EnvEnd ? value : end;
            int space = text.IndexOf((byte)' ');
            text = space < 0 ? [] : text[(space + 1)..];
        }

        return start > 0 && end > start ? (start, end - start) : default;
    }
}
