using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>fsopen(2), since Linux 5.2: begins a new file system of a type.</summary>
    public static SysResult Fsopen(string type)
    {
        // SAFETY: the name is pinned for the call and ends with a zero. FSOPEN_CLOEXEC is 1.
        fixed (byte* p = CString(type))
        {
            return Call(Syscall.fsopen, (nint)p, 1);
        }
    }

    /// <summary>fsconfig(2) with FSCONFIG_SET_STRING.</summary>
    public static SysResult FsconfigString(SafeFd context, string key, string value)
    {
        // SAFETY: both strings are pinned for the call and end with a zero.
        fixed (byte* k = CString(key), v = CString(value))
        {
            SysResult result = Call(Syscall.fsconfig, context.Number, (nint)FsconfigCommand.FSCONFIG_SET_STRING, (nint)k, (nint)v);
            GC.KeepAlive(context);
            return result;
        }
    }

    /// <summary>fsconfig(2) with FSCONFIG_CMD_CREATE: makes the file system.</summary>
    public static SysResult FsconfigCreate(SafeFd context)
    {
        SysResult result = Call(Syscall.fsconfig, context.Number, (nint)FsconfigCommand.FSCONFIG_CMD_CREATE);
        GC.KeepAlive(context);
        return result;
    }

    /// <summary>fsmount(2), since Linux 5.2: a detached mount of the file system.</summary>
    public static SysResult Fsmount(SafeFd context)
    {
        // FSMOUNT_CLOEXEC is 1.
        SysResult result = Call(Syscall.fsmount, context.Number, 1);
        GC.KeepAlive(context);
        return result;
    }
}
