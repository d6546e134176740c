namespace Csrun.Linux.Abi;

/// <summary>Namespaces and options of clone3(2), unshare(2) and setns(2) (linux/sched.h).</summary>
[Flags]
#pragma warning disable CS1591 // clone(2)
public enum CloneFlags : ulong
{
    CLONE_NEWTIME = 0x80,
    CLONE_FS = 0x200,
    CLONE_FILES = 0x400,
    CLONE_PIDFD = 0x1000,
    CLONE_PARENT = 0x8000,
    CLONE_NEWNS = 0x20000,
    CLONE_NEWCGROUP = 0x2000000,
    CLONE_NEWUTS = 0x4000000,
    CLONE_NEWIPC = 0x8000000,
    CLONE_NEWUSER = 0x10000000,
    CLONE_NEWPID = 0x20000000,
    CLONE_NEWNET = 0x40000000,
    CLONE_INTO_CGROUP = 0x200000000,
}
#pragma warning restore CS1591
