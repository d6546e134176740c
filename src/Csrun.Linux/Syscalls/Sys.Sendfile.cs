using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>sendfile(2): copies bytes between two files in the kernel, from and to their current offsets.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="source">Where from: a file that can be mapped.</param>
    /// <param name="count">At most so many bytes.</param>
    public static SysResult Sendfile(SafeFd target, SafeFd source, long count)
    {
        SysResult result = Retry(Syscall.sendfile, target.Number, source.Number, 0, (nint)count);
        GC.KeepAlive(target);
        GC.KeepAlive(source);
        return result;
    }
}
