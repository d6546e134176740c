using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>rt_sigaction(2) as a question: the signals that this process ignores.</summary>
    public static ImmutableArray<Signal> IgnoredSignals()
    {
        ImmutableArray<Signal>.Builder ignored = ImmutableArray.CreateBuilder<Signal>();
        nint* action = stackalloc nint[4]; // struct kernel_sigaction: handler, flags, restorer, mask
        for (int signal = 1; signal <= 64; signal++)
        {
            // SAFETY: the kernel writes 32 bytes. SIG_IGN is 1.
            if (Call(Syscall.rt_sigaction, signal, 0, (nint)action, 8).Ok && action[0] == 1)
            {
                ignored.Add((Signal)signal);
            }
        }

        return ignored.ToImmutable();
    }
}
