using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>prctl(2) for operations whose arguments are numbers; unused ones are zero, as newer operations demand.</summary>
    public static SysResult Prctl(PrctlOption option, nint arg2 = 0, nint arg3 = 0) => Call(Syscall.prctl, (nint)option, arg2, arg3);

    /// <summary>prctl(2), PR_SET_NAME: the name of this thread, which ps shows for the process.</summary>
    /// <param name="name">At most 15 bytes count.</param>
    public static SysResult SetName(string name)
    {
        // SAFETY: the name is pinned for the call and ends with a zero.
        fixed (byte* p = CString(name))
        {
            return Call(Syscall.prctl, (nint)PrctlOption.PR_SET_NAME, (nint)p);
        }
    }
}
