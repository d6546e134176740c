using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    private const int MFD_CLOEXEC = 1;
    private const int MFD_ALLOW_SEALING = 2;
    private const int MFD_EXEC = 0x10;

    /// <summary>memfd_create(2), close-on-exec.</summary>
    /// <param name="name">A name for people, seen in /proc/PID/fd.</param>
    /// <param name="allowSealing">Whether seals can be added (MFD_ALLOW_SEALING).</param>
    public static SysResult MemfdCreate(string name, bool allowSealing) => MemfdCreate(name, allowSealing ? MFD_CLOEXEC | MFD_ALLOW_SEALING : MFD_CLOEXEC);

    /// <summary>memfd_create(2) for a program: close-on-exec, can be sealed, can be executed.</summary>
    /// <param name="name">A name for people, seen in /proc/PID/exe.</param>
    public static SysResult MemfdCreateExecutable(string name)
    {
        SysResult made = MemfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        // Before Linux 6.3 every memfd could be executed, and the flag was unknown.
        return made.Errno == Errno.EINVAL ? MemfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING) : made;
    }

    private static SysResult MemfdCreate(string name, int flags)
    {
        // SAFETY: the name is pinned for the call and ends with a zero.
        fixed (byte* p = CString(name))
        {
            return Call(Syscall.memfd_create, (nint)p, flags);
        }
    }
}
