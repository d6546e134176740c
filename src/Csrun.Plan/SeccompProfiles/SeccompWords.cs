using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>The words of a seccomp profile, as the OCI runtime-spec and Docker write them.</summary>
internal static class SeccompWords
{
    /// <summary>A listener is asked what becomes of the call.</summary>
    internal const string Notify = "SCMP_ACT_NOTIFY";

    internal static readonly IReadOnlyDictionary<string, ScmpAct> Actions = new Dictionary<string, ScmpAct>
    {
        ["SCMP_ACT_KILL"] = ScmpAct.SCMP_ACT_KILL_THREAD, // libseccomp's older name
        ["SCMP_ACT_KILL_THREAD"] = ScmpAct.SCMP_ACT_KILL_THREAD,
        ["SCMP_ACT_KILL_PROCESS"] = ScmpAct.SCMP_ACT_KILL_PROCESS,
        ["SCMP_ACT_TRAP"] = ScmpAct.SCMP_ACT_TRAP,
        ["SCMP_ACT_ERRNO"] = ScmpAct.SCMP_ACT_ERRNO,
        ["SCMP_ACT_TRACE"] = ScmpAct.SCMP_ACT_TRACE,
        ["SCMP_ACT_ALLOW"] = ScmpAct.SCMP_ACT_ALLOW,
        [Notify] = ScmpAct.SCMP_ACT_NOTIFY,
        ["SCMP_ACT_LOG"] = ScmpAct.SCMP_ACT_LOG,
    };

    internal static readonly IReadOnlyDictionary<string, ScmpCompare> Operators = new Dictionary<string, ScmpCompare>
    {
        ["SCMP_CMP_NE"] = ScmpCompare.SCMP_CMP_NE,
        ["SCMP_CMP_LT"] = ScmpCompare.SCMP_CMP_LT,
        ["SCMP_CMP_LE"] = ScmpCompare.SCMP_CMP_LE,
        ["SCMP_CMP_EQ"] = ScmpCompare.SCMP_CMP_EQ,
        ["SCMP_CMP_GE"] = ScmpCompare.SCMP_CMP_GE,
        ["SCMP_CMP_GT"] = ScmpCompare.SCMP_CMP_GT,
        ["SCMP_CMP_MASKED_EQ"] = ScmpCompare.SCMP_CMP_MASKED_EQ,
    };

    internal static readonly IReadOnlyDictionary<string, ScmpArch> Architectures = new Dictionary<string, ScmpArch>
    {
        ["SCMP_ARCH_X86"] = ScmpArch.SCMP_ARCH_X86,
        ["SCMP_ARCH_X86_64"] = ScmpArch.SCMP_ARCH_X86_64,
        ["SCMP_ARCH_X32"] = ScmpArch.SCMP_ARCH_X32,
        ["SCMP_ARCH_ARM"] = ScmpArch.SCMP_ARCH_ARM,
        ["SCMP_ARCH_AARCH64"] = ScmpArch.SCMP_ARCH_AARCH64,
        ["SCMP_ARCH_M68K"] = ScmpArch.SCMP_ARCH_M68K,
        ["SCMP_ARCH_MIPS"] = ScmpArch.SCMP_ARCH_MIPS,
        ["SCMP_ARCH_MIPS64"] = ScmpArch.SCMP_ARCH_MIPS64,
        ["SCMP_ARCH_MIPS64N32"] = ScmpArch.SCMP_ARCH_MIPS64N32,
        ["SCMP_ARCH_MIPSEL"] = ScmpArch.SCMP_ARCH_MIPSEL,
        ["SCMP_ARCH_MIPSEL64"] = ScmpArch.SCMP_ARCH_MIPSEL64,
        ["SCMP_ARCH_MIPSEL64N32"] = ScmpArch.SCMP_ARCH_MIPSEL64N32,
        ["SCMP_ARCH_PPC"] = ScmpArch.SCMP_ARCH_PPC,
        ["SCMP_ARCH_PPC64"] = ScmpArch.SCMP_ARCH_PPC64,
        ["SCMP_ARCH_PPC64LE"] = ScmpArch.SCMP_ARCH_PPC64LE,
        ["SCMP_ARCH_S390"] = ScmpArch.SCMP_ARCH_S390,
        ["SCMP_ARCH_S390X"] = ScmpArch.SCMP_ARCH_S390X,
        ["SCMP_ARCH_SH"] = ScmpArch.SCMP_ARCH_SH,
        ["SCMP_ARCH_SHEB"] = ScmpArch.SCMP_ARCH_SHEB,
        ["SCMP_ARCH_PARISC"] = ScmpArch.SCMP_ARCH_PARISC,
        ["SCMP_ARCH_PARISC64"] = ScmpArch.SCMP_ARCH_PARISC64,
        ["SCMP_ARCH_RISCV64"] = ScmpArch.SCMP_ARCH_RISCV64,
        ["SCMP_ARCH_LOONGARCH64"] = ScmpArch.SCMP_ARCH_LOONGARCH64,
    };

    internal static readonly IReadOnlyDictionary<string, SeccompFilterFlags> Flags = new Dictionary<string, SeccompFilterFlags>
    {
        // The filter is loaded by a process of one thread: there is nobody to synchronise with, as in runc.
        ["SECCOMP_FILTER_FLAG_TSYNC"] = SeccompFilterFlags.None,
        ["SECCOMP_FILTER_FLAG_LOG"] = SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG,
        ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"] = SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        // Only has a meaning with SCMP_ACT_NOTIFY, and seccomp(2) refuses it without: it is taken away then.
        ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] = SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
    };

    /// <summary>What to write instead: close words, or all when they are few.</summary>
    internal static string? Suggest<T>(string word, IReadOnlyDictionary<string, T> known)
    {
        IReadOnlyList<string> close = CloseNames.Of(word, known.Keys, 1);
        return close.Count > 0 ? $"did you mean \"{close[0]}\"?"
            : known.Count <= 10 ? $"one of {string.Join(", ", known.Keys)}"
            : null;
    }
}
