using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>The profile of a container for which none was named: the allow list of Docker's default profile (moby/profiles,
/// as in Docker 29), which grows with the container's capabilities.</summary>
/// <remarks>One point is stricter than Docker's: the socket family is compared as the kernel sees it. Docker's rule compares
/// 64 bits and the kernel uses 32, so socket(AF_VSOCK + 2^32) passes there.</remarks>
public static partial class DefaultSeccompProfile
{
    /// <summary>Counts up with each change of the rules, so that a cached filter of older rules is not used.</summary>
    private const int Version = 1;

    /// <summary>ptrace can be allowed from here on: before, a tracer could change a call after the filter had seen it.</summary>
    private static readonly KernelVersion s_ptraceIsSafe = new(4, 8);

    /// <summary>The capabilities that change the profile.</summary>
    private static CapabilitySet Relevant => new(
        (1UL << (int)Capability.CAP_DAC_READ_SEARCH) | (1UL << (int)Capability.CAP_SYS_ADMIN)
        | (1UL << (int)Capability.CAP_SYS_BOOT) | (1UL << (int)Capability.CAP_SYS_CHROOT)
        | (1UL << (int)Capability.CAP_SYS_MODULE) | (1UL << (int)Capability.CAP_SYS_PACCT)
        | (1UL << (int)Capability.CAP_SYS_PTRACE) | (1UL << (int)Capability.CAP_SYS_RAWIO)
        | (1UL << (int)Capability.CAP_SYS_TIME) | (1UL << (int)Capability.CAP_SYS_TTY_CONFIG)
        | (1UL << (int)Capability.CAP_SYS_NICE) | (1UL << (int)Capability.CAP_SYSLOG)
        | (1UL << (int)Capability.CAP_BPF) | (1UL << (int)Capability.CAP_PERFMON));

    /// <summary>The key of the compiled profile in <see cref="SeccompCache"/>, made without making the profile.</summary>
    /// <inheritdoc cref="For"/>
    public static string Key(CapabilitySet capabilities, Architecture architecture, KernelVersion kernel) =>
        $"default-{Version}-{ArchitectureName(architecture)}-{capabilities.Intersect(Relevant)}-{(kernel >= s_ptraceIsSafe ? "ptrace" : "noptrace")}";

    /// <summary>The profile.</summary>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="architecture">The machine's architecture.</param>
    /// <param name="kernel">The machine's kernel.</param>
    public static SeccompProfile For(CapabilitySet capabilities, Architecture architecture, KernelVersion kernel)
    {
        bool arm = architecture is Architecture.Arm64 or Architecture.Arm;
        bool x86 = architecture is Architecture.X64 or Architecture.X86;
        ImmutableArray<SeccompRule>.Builder rules = ImmutableArray.CreateBuilder<SeccompRule>();
        foreach (string group in (ReadOnlySpan<string>)[FileContent, FileTree, Memory, Processes, Ids, Signals, Time, Waiting, Sockets])
        {
            Allow(rules, group);
        }

        if (kernel >= s_ptraceIsSafe)
        {
            Allow(rules, "ptrace process_vm_readv process_vm_writev");
        }

        if (arm)
        {
            Allow(rules, Arm);
        }

        if (x86)
        {
            Allow(rules, architecture == Architecture.X64 ? "arch_prctl modify_ldt" : "modify_ldt");
        }

        if (architecture == Architecture.RiscV64)
        {
            Allow(rules, "riscv_flush_icache");
        }

        AddSocket(rules);
        AddPersonality(rules);
        AddCapabilities(rules, capabilities, architecture);
        return new SeccompProfile
        {
            DefaultAction = ScmpAct.SCMP_ACT_ERRNO,
            Architectures = Architectures(architecture),
            Rules = rules.ToImmutable(),
        };
    }

    /// <summary>The architecture and the ones whose programs it runs as well.</summary>
    public static ImmutableArray<ScmpArch> Architectures(Architecture architecture) => architecture switch
    {
        Architecture.X64 => [ScmpArch.SCMP_ARCH_X86_64, ScmpArch.SCMP_ARCH_X86, ScmpArch.SCMP_ARCH_X32],
        Architecture.X86 => [ScmpArch.SCMP_ARCH_X86],
        Architecture.Arm64 => [ScmpArch.SCMP_ARCH_AARCH64, ScmpArch.SCMP_ARCH_ARM],
        Architecture.Arm => [ScmpArch.SCMP_ARCH_ARM],
        Architecture.S390x => [ScmpArch.SCMP_ARCH_S390X, ScmpArch.SCMP_ARCH_S390],
        Architecture.RiscV64 => [ScmpArch.SCMP_ARCH_RISCV64],
        Architecture.LoongArch64 => [ScmpArch.SCMP_ARCH_LOONGARCH64],
        Architecture.Ppc64le => [ScmpArch.SCMP_ARCH_PPC64LE],
        _ => [], // libseccomp adds the machine's own
    };

    // Every family but AF_ALG (38: the kernel's crypto, no use in a container and a large attack surface) and AF_VSOCK
    // (40: it reaches the hypervisor past the network namespace).
    private static void AddSocket(ImmutableArray<SeccompRule>.Builder rules)
    {
        Socket(new SeccompArg(0, 38, 0, ScmpCompare.SCMP_CMP_LT));
        Socket(new SeccompArg(0, 39, 0, ScmpCompare.SCMP_CMP_EQ));
        // "Greater than 40" in pieces, and up to 63 only (AF_MAX is 46): with no upper end 40 + 2^32 would pass,
        // of which the kernel takes the lower half.
        Socket(new SeccompArg(0, 41, 0, ScmpCompare.SCMP_CMP_EQ));
        Socket(new SeccompArg(0, ~1UL, 42, ScmpCompare.SCMP_CMP_MASKED_EQ));
        Socket(new SeccompArg(0, ~3UL, 44, ScmpCompare.SCMP_CMP_MASKED_EQ));
        Socket(new SeccompArg(0, ~15UL, 48, ScmpCompare.SCMP_CMP_MASKED_EQ));

        void Socket(SeccompArg family) => rules.Add(new SeccompRule(["socket"], ScmpAct.SCMP_ACT_ALLOW, 0, [family]));
    }

    // linux/personality.h: PER_LINUX, PER_LINUX32, each with and without UNAME26, and the question for the present one.
    private static void AddPersonality(ImmutableArray<SeccompRule>.Builder rules)
    {
        foreach (ulong persona in (ReadOnlySpan<ulong>)[0, 0x8, 0x20000, 0x20008, 0xffffffff])
        {
            rules.Add(new SeccompRule(["personality"], ScmpAct.SCMP_ACT_ALLOW, 0, [new SeccompArg(0, persona, 0, ScmpCompare.SCMP_CMP_EQ)]));
        }
    }

    private static void AddCapabilities(ImmutableArray<SeccompRule>.Builder rules, CapabilitySet capabilities, Architecture architecture)
    {
        if (capabilities.Contains(Capability.CAP_SYS_ADMIN))
        {
            Allow(rules, Administration);
        }
        else
        {
            // No new namespaces. clone3 passes its flags by pointer, which a filter cannot look behind: ENOSYS makes the
            // C library fall back to clone.
            const ulong Namespaces = (ulong)(CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWCGROUP | CloneFlags.CLONE_NEWUTS
                | CloneFlags.CLONE_NEWIPC | CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWNET);
            uint flags = architecture == Architecture.S390x ? 1u : 0u; // clone(2): the first two parameters are swapped there
            rules.Add(new SeccompRule(["clone"], ScmpAct.SCMP_ACT_ALLOW, 0, [new SeccompArg(flags, Namespaces, 0, ScmpCompare.SCMP_CMP_MASKED_EQ)]));
            rules.Add(new SeccompRule(["clone3"], ScmpAct.SCMP_ACT_ERRNO, (ushort)Errno.ENOSYS));
        }

        With(Capability.CAP_DAC_READ_SEARCH, "open_by_handle_at");
        With(Capability.CAP_SYS_BOOT, "reboot");
        With(Capability.CAP_SYS_CHROOT, "chroot");
        With(Capability.CAP_SYS_MODULE, "init_module finit_module delete_module");
        With(Capability.CAP_SYS_PACCT, "acct");
        With(Capability.CAP_SYS_PTRACE, "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd");
        With(Capability.CAP_SYS_RAWIO, "iopl ioperm");
        With(Capability.CAP_SYS_TIME, "settimeofday stime clock_settime clock_settime64");
        With(Capability.CAP_SYS_TTY_CONFIG, "vhangup");
        With(Capability.CAP_SYS_NICE, "mbind get_mempolicy set_mempolicy set_mempolicy_home_node");
        With(Capability.CAP_SYSLOG, "syslog");
        With(Capability.CAP_BPF, "bpf");
        With(Capability.CAP_PERFMON, "perf_event_open");

        void With(Capability capability, string calls)
        {
            if (capabilities.Contains(capability))
            {
                Allow(rules, calls);
            }
        }
    }

    private static void Allow(ImmutableArray<SeccompRule>.Builder rules, string calls) => rules.Add(new SeccompRule(
        ImmutableCollectionsMarshal.AsImmutableArray(calls.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
        ScmpAct.SCMP_ACT_ALLOW));

    private static string ArchitectureName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x86-64",
        Architecture.Arm64 => "arm64",
        _ => ((int)architecture).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
