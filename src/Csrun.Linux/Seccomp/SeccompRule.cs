using System.Collections.Immutable;

namespace Csrun.Linux.Seccomp;

/// <summary>What to do with some system calls.</summary>
/// <param name="Names">The calls, by the kernel's names.</param>
/// <param name="Action">What to do with them.</param>
/// <param name="ErrnoRet">The errno of SCMP_ACT_ERRNO, or the number a tracer gets with SCMP_ACT_TRACE; otherwise unused.</param>
/// <param name="Args">Conditions that all have to hold. When two are on the same argument each makes a rule of its own, as in runc
/// (libseccomp takes one condition an argument).</param>
/// <remarks>OCI runtime-spec, linux.seccomp.syscalls[].</remarks>
public sealed record SeccompRule(
    ImmutableArray<string> Names,
    ScmpAct Action,
    ushort ErrnoRet,
    ImmutableArray<SeccompArg> Args)
{
    /// <summary>A rule without conditions.</summary>
    public SeccompRule(ImmutableArray<string> names, ScmpAct action, ushort errnoRet = SeccompProfile.EPERM)
        : this(names, action, errnoRet, [])
    {
    }
}
