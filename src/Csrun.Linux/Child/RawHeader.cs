using System.Runtime.InteropServices;

namespace Csrun.Linux.Child;

/// <summary>The start of a program's memory, shared by csrun and the child.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawHeader
{
    /// <summary>The arguments of clone3.</summary>
    public CloneArgs cloneArgs;

    /// <summary>The operations, in the order in which they run.</summary>
    public RawOp* ops;

    /// <summary>How many there are.</summary>
    public long count;

    /// <summary>The slots: descriptors (and other results) by index.</summary>
    public long* slots;

    /// <summary>The child's end of the control socket.</summary>
    public long controlFd;

    /// <summary>Written by the child when an operation fails: its index, or -1.</summary>
    public long failedOp;

    /// <summary>Written by the child when an operation fails: its system call's number. This and the next field are a <see cref="StartFailure"/>.</summary>
    public long failedCall;

    /// <summary>Written by the child when an operation fails: the errno.</summary>
    public long failedErrno;

    /// <summary>The message that reports a failure: one byte, with the descriptor in <see cref="rootSlot"/> attached when it is open.</summary>
    public MsgHdr* failure;

    /// <summary>Where in <see cref="failure"/>'s control data the descriptor goes.</summary>
    public int* failureFd;

    /// <summary>The slot of the container's root, or -1: lets csrun look for the cause of a failed execve.</summary>
    public long rootSlot;

    /// <summary>Wait status of the command, for init.</summary>
    public long status;
}

/// <summary>struct clone_args of clone3(2), version 2 (linux/sched.h), 88 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArgs
{
    public ulong flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
}

/// <summary>struct msghdr of recvmsg(2) on 64-bit Linux, 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MsgHdr
{
    public void* msg_name;
    public uint msg_namelen;
    public IoVec* msg_iov;
    public nuint msg_iovlen;
    public void* msg_control;
    public nuint msg_controllen;
    public int msg_flags;
}

/// <summary>struct iovec of readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVec
{
    public void* iov_base;
    public nuint iov_len;
}
