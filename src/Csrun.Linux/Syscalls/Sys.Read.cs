using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>read(2).</summary>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    public static SysResult Read(SafeFd fd, Span<byte> buf)
    {
        SysResult result = Read(fd.Number, buf);
        GC.KeepAlive(fd);
        return result;
    }

    /// <summary>read(2) from a standard stream, which is nobody's to close and so has no handle.</summary>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    public static SysResult Read(int fd, Span<byte> buf)
    {
        // SAFETY: pinned for the call, and no longer than the span.
        fixed (byte* p = buf)
        {
            return Retry(Syscall.read, fd, (nint)p, buf.Length);
        }
    }
}
