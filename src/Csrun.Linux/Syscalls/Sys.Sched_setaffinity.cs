using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>sched_setaffinity(2) on this thread: the processors that it, and what it makes, may run on.</summary>
    /// <param name="mask">A bit for each processor, in whole 64-bit words.</param>
    public static SysResult SchedSetaffinity(ReadOnlySpan<byte> mask)
    {
        // SAFETY: the mask is pinned for the call and passed with its length.
        fixed (byte* p = mask)
        {
            return Call(Syscall.sched_setaffinity, 0, mask.Length, (nint)p);
        }
    }
}
