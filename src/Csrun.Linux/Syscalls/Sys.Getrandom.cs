using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>getrandom(2): fills a small buffer (up to 256 bytes at once, never cut short).</summary>
    public static void Getrandom(Span<byte> buf)
    {
        // SAFETY: the buffer is pinned for the call.
        fixed (byte* p = buf)
        {
            Retry(Syscall.getrandom, (nint)p, buf.Length, 0).OrThrow("getrandom");
        }
    }
}
