using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux.Abi;

namespace Csrun.Linux;

/// <summary>System calls, one to one: the man-page name in PascalCase, the man-page parameters, EINTR retried (never for close), CLOEXEC always.</summary>
/// <remarks>One call per file, <c>Sys.OpenTree.cs</c>. Everything goes through syscall(2) of the C library, so numbers
/// and layouts are ours (Abi/) and no wrapper of the C library changes what the manual says.</remarks>
public static unsafe partial class Sys
{
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint syscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    /// <summary>Performs one system call; pointers are passed as numbers.</summary>
    /// <remarks>SAFETY: the caller vouches that each pointer argument lives until the return and is as long as the call reads or writes.</remarks>
    internal static SysResult Call(Syscall call, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        nint value = syscall(call.Number, a0, a1, a2, a3, a4, a5);
        return value == -1 ? new SysResult(-1, (Errno)Marshal.GetLastPInvokeError()) : new SysResult(value, Errno.None);
    }

    /// <summary>Performs one system call and repeats it while it answers EINTR.</summary>
    internal static SysResult Retry(Syscall call, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        SysResult result;
        do
        {
            result = Call(call, a0, a1, a2, a3, a4, a5);
        }
        while (result.Errno == Errno.EINTR);
        return result;
    }

    /// <summary>The string as UTF-8 with a terminating zero, as the kernel wants its paths.</summary>
    /// <exception cref="ArgumentException">The string contains a zero character, which would cut the path short.</exception>
    internal static byte[] CString(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a path cannot contain a zero character", nameof(text));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
