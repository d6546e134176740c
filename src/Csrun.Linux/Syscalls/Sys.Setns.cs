using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static partial class Sys
{
    /// <summary>setns(2), since Linux 3.0: this thread enters a namespace.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="type">Its kind. A mount namespace is entered only by a thread that shares its root directory with no other
    /// (<see cref="Unshare"/> with CLONE_FS): EINVAL otherwise.</param>
    public static SysResult Setns(SafeFd ns, CloneFlags type)
    {
        SysResult result = Call(Syscall.setns, ns.Number, (nint)(ulong)type);
        GC.KeepAlive(ns);
        return result;
    }
}
