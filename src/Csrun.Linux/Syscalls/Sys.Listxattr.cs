using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>listxattr(2) of a file that may be open with O_PATH, which flistxattr refuses.</summary>
    /// <param name="fd">The file; no symbolic link.</param>
    /// <param name="list">Takes the names, each with a terminating zero; empty, to ask for the length.</param>
    public static SysResult Listxattr(SafeFd fd, Span<byte> list)
    {
        // SAFETY: the path ends with a zero, and both are pinned for the call; the list is passed with its length.
        fixed (byte* p = CString($"/proc/self/fd/{fd.Number}"), l = list)
        {
            SysResult result = Retry(Syscall.listxattr, (nint)p, (nint)l, list.Length);
            GC.KeepAlive(fd);
            return result;
        }
    }

    /// <summary>getxattr(2) likewise.</summary>
    /// <param name="fd">The file; no symbolic link.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Takes the bytes; empty, to ask for the length.</param>
    public static SysResult Getxattr(SafeFd fd, string name, Span<byte> value)
    {
        // SAFETY: as above; the name ends with a zero.
        fixed (byte* p = CString($"/proc/self/fd/{fd.Number}"), n = CString(name), v = value)
        {
            SysResult result = Retry(Syscall.getxattr, (nint)p, (nint)n, (nint)v, value.Length);
            GC.KeepAlive(fd);
            return result;
        }
    }
}
