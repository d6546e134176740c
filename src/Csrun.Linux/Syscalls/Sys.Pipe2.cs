using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>pipe2(2) with O_CLOEXEC.</summary>
    /// <exception cref="KernelException">No more descriptors.</exception>
    public static (SafeFd Read, SafeFd Write) Pipe2()
    {
        int* pair = stackalloc int[2];
        // SAFETY: the kernel writes two ints.
        Call(Syscall.pipe2, (nint)pair, (nint)OpenFlags.O_CLOEXEC).OrThrow("pipe2");
        return (new SafeFd(pair[0]), new SafeFd(pair[1]));
    }
}
