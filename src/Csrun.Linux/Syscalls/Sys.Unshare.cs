using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static partial class Sys
{
    /// <summary>unshare(2), since Linux 2.6.16: this thread gets something of its own that it shared with others.</summary>
    /// <param name="what">CLONE_FS: root and working directory. A process with several threads cannot make user or PID namespaces so.</param>
    public static SysResult Unshare(CloneFlags what) => Call(Syscall.unshare, (nint)(ulong)what);
}
