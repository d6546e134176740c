using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>write(2).</summary>
    /// <returns>How many bytes were written, which may be fewer.</returns>
    public static SysResult Write(SafeFd fd, ReadOnlySpan<byte> buf)
    {
        SysResult result = Write(fd.Number, buf);
        GC.KeepAlive(fd);
        return result;
    }

    /// <summary>write(2) to a descriptor that came through execve, such as a standard stream, and so has no handle.</summary>
    /// <returns>How many bytes were written, which may be fewer.</returns>
    public static SysResult Write(int fd, ReadOnlySpan<byte> buf)
    {
        // SAFETY: pinned for the call, and no longer than the span.
        fixed (byte* p = buf)
        {
            return Retry(Syscall.write, fd, (nint)p, buf.Length);
        }
    }
}
