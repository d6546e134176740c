using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    /// <summary>ioctl(2) with NS_GET_NSTYPE, since Linux 4.11: the CLONE_NEW* flag of the namespace that a descriptor stands for.</summary>
    /// <returns>ENOTTY where the descriptor is no namespace.</returns>
    public static SysResult NsGetNstype(SafeFd ns)
    {
        SysResult result = Call(Syscall.ioctl, ns.Number, 0xb703);
        GC.KeepAlive(ns);
        return result;
    }

    /// <summary>ioctl(2) with NS_GET_USERNS, since Linux 4.9: the user namespace that owns the namespace that a descriptor stands for.</summary>
    /// <param name="ns">The namespace.</param>
    /// <returns>A descriptor; EPERM where the owner is neither this process's own user namespace nor a descendant of it.</returns>
    public static SysResult NsGetUserns(SafeFd ns)
    {
        SysResult result = Call(Syscall.ioctl, ns.Number, 0xb701);
        GC.KeepAlive(ns);
        return result;
    }

    /// <summary>ioctl(2) with NS_GET_PARENT, since Linux 4.9: the parent of a user or PID namespace.</summary>
    /// <param name="ns">The namespace.</param>
    /// <returns>A descriptor; EPERM where the parent is out of this process's sight, or there is none; EINVAL for a namespace of another kind.</returns>
    public static SysResult NsGetParent(SafeFd ns)
    {
        SysResult result = Call(Syscall.ioctl, ns.Number, 0xb702);
        GC.KeepAlive(ns);
        return result;
    }

    /// <summary>ioctl(2) with NS_GET_OWNER_UID, since Linux 4.11: who made the user namespace that a descriptor stands for.</summary>
    /// <param name="userns">The user namespace.</param>
    /// <param name="uid">The owner, as an ID of this process's own user namespace.</param>
    public static SysResult NsGetOwnerUid(SafeFd userns, out uint uid)
    {
        uint owner = uint.MaxValue;
        // SAFETY: the kernel writes one uid_t.
        SysResult result = Call(Syscall.ioctl, userns.Number, 0xb704, (nint)(&owner));
        GC.KeepAlive(userns);
        uid = owner;
        return result;
    }

    /// <summary>ioctl(2) with NS_GET_MNTNS_ID, since Linux 6.11: the ID of a mount namespace for <see cref="Listmount"/> and <see cref="Statmount"/>.</summary>
    public static SysResult NsGetMntnsId(SafeFd mountNamespace, out ulong id)
    {
        ulong value = 0;
        // SAFETY: the kernel writes one 64-bit number. _IOR(0xb7, 5, __u64).
        SysResult result = Call(Syscall.ioctl, mountNamespace.Number, unchecked((nint)0x8008b705), (nint)(&value));
        GC.KeepAlive(mountNamespace);
        id = value;
        return result;
    }
}
