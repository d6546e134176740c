using Csrun.Linux.Abi;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>geteuid(2): the caller's effective user ID in csrun's user namespace.</summary>
    public static uint Geteuid() => (uint)Call(Syscall.geteuid).Value;

    /// <summary>getegid(2): the caller's effective group ID in csrun's user namespace.</summary>
    public static uint Getegid() => (uint)Call(Syscall.getegid).Value;

    /// <summary>getpid(2).</summary>
    public static int Getpid() => Call(Syscall.getpid).Int;

    /// <summary>capget(2): this process's effective capabilities.</summary>
    public static CapabilitySet CapgetEffective()
    {
        uint* header = stackalloc uint[2] { 0x20080522, 0 };
        uint* data = stackalloc uint[6];
        // SAFETY: header and two data structures of three ints each, as _LINUX_CAPABILITY_VERSION_3 wants them.
        Call(Syscall.capget, (nint)header, (nint)data).OrThrow("capget");
        return new CapabilitySet(data[0] | ((ulong)data[3] << 32));
    }
}
