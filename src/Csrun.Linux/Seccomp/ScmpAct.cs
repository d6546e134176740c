namespace Csrun.Linux.Seccomp;

/// <summary>What a filter does with a call (seccomp.h); the low 16 bits of ERRNO and TRACE carry a number.</summary>
#pragma warning disable CS1591 // seccomp_init(3)
public enum ScmpAct : uint
{
    SCMP_ACT_KILL_THREAD = 0,
    SCMP_ACT_TRAP = 0x00030000,
    SCMP_ACT_ERRNO = 0x00050000,
    SCMP_ACT_TRACE = 0x7ff00000,
    SCMP_ACT_NOTIFY = 0x7fc00000,
    SCMP_ACT_LOG = 0x7ffc0000,
    SCMP_ACT_ALLOW = 0x7fff0000,
    SCMP_ACT_KILL_PROCESS = 0x80000000,
}
#pragma warning restore CS1591
