using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>ioctl(2) with TIOCGWINSZ: the size of a terminal's window.</summary>
    /// <returns>Rows in the high 16 bits, columns in the low ones; an error when the descriptor is no terminal.</returns>
    public static SysResult GetWindowSize(int fd)
    {
        ushort* size = stackalloc ushort[4];
        // SAFETY: struct winsize has four shorts.
        SysResult result = Call(Syscall.ioctl, fd, 0x5413, (nint)size);
        return result.Ok ? new SysResult((size[0] << 16) | size[1], Errno.None) : result;
    }

    /// <summary>ioctl(2) with TIOCGPGRP: the terminal's foreground process group, tcgetpgrp(3).</summary>
    /// <param name="terminal">A descriptor of the caller's controlling terminal.</param>
    public static SysResult GetForegroundGroup(SafeFd terminal)
    {
        int group = 0;
        // SAFETY: the kernel writes one int on this stack frame.
        SysResult result = Call(Syscall.ioctl, terminal.Number, 0x540f, (nint)(&group));
        GC.KeepAlive(terminal);
        return result.Ok ? new SysResult(group, Errno.None) : result;
    }

    /// <summary>ioctl(2) with TIOCSWINSZ.</summary>
    public static SysResult SetWindowSize(SafeFd fd, ushort rows, ushort columns)
    {
        ushort* size = stackalloc ushort[4] { rows, columns, 0, 0 };
        // SAFETY: struct winsize has four shorts.
        SysResult result = Call(Syscall.ioctl, fd.Number, 0x5414, (nint)size);
        GC.KeepAlive(fd);
        return result;
    }

    /// <summary>ioctl(2) with TCGETS: a terminal's settings, as opaque bytes of struct termios (36 of the kernel's).</summary>
    public static SysResult GetTermios(int fd, Span<byte> termios)
    {
        // SAFETY: struct termios of the kernel has 36 bytes (44 with speeds); the span is checked.
        ArgumentOutOfRangeException.ThrowIfLessThan(termios.Length, 64);
        fixed (byte* p = termios)
        {
            return Call(Syscall.ioctl, fd, 0x5401, (nint)p);
        }
    }

    /// <summary>ioctl(2) with TCSETSW: settings, once what was written is out.</summary>
    public static SysResult SetTermios(int fd, ReadOnlySpan<byte> termios)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(termios.Length, 64);
        // SAFETY: as above; the kernel reads 36 bytes.
        fixed (byte* p = termios)
        {
            return Retry(Syscall.ioctl, fd, 0x5403, (nint)p);
        }
    }
}
