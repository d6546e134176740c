namespace Csrun.Linux.Abi;

/// <summary>Flags of seccomp(2)'s SECCOMP_SET_MODE_FILTER (linux/seccomp.h).</summary>
[Flags]
#pragma warning disable CS1591 // seccomp(2)
public enum SeccompFilterFlags : uint
{
    None = 0,
    SECCOMP_FILTER_FLAG_TSYNC = 0x1,
    SECCOMP_FILTER_FLAG_LOG = 0x2,
    SECCOMP_FILTER_FLAG_SPEC_ALLOW = 0x4,
    SECCOMP_FILTER_FLAG_NEW_LISTENER = 0x8,
    SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 0x10,
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 0x20,
}
#pragma warning restore CS1591
