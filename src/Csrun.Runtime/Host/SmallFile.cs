using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Host;

/// <summary>Files of the kernel and small configuration files, read in one go without the cost of a FileStream.</summary>
public static class SmallFile
{
    /// <summary>The file's text (UTF-8), up to 64 KiB; null when it cannot be opened or read.</summary>
    public static string? Read(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd fd = new(opened.Int);
        return ReadAll(fd, 64 << 10) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>What can be read from a descriptor, up to a limit; null when reading fails.</summary>
    public static byte[]? ReadAll(SafeFd fd, int limit)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            SysResult read = Sys.Read(fd, buffer.AsSpan(length));
            if (!read.Ok)
            {
                return null;
            }

            length += read.Int;
            if (read.Int == 0 || length >= limit)
            {
                return buffer[..Math.Min(length, limit)];
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Writes a text to a file that exists, in one write(2), as kernel files want it.</summary>
    public static SysResult Write(string path, string text)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_WRONLY);
        if (!opened.Ok)
        {
            return opened;
        }

        using SafeFd fd = new(opened.Int);
        return Sys.Write(fd, Encoding.UTF8.GetBytes(text));
    }
}
