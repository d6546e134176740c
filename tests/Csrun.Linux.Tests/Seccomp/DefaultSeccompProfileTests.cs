using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;

namespace Csrun.Linux.Tests.Seccomp;

/// <summary>The default profile, compiled by the real libseccomp and run call by call.</summary>
public sealed class DefaultSeccompProfileTests
{
    private const uint X64 = (uint)ScmpArch.SCMP_ARCH_X86_64;
    private const uint X86 = (uint)ScmpArch.SCMP_ARCH_X86;

    // asm/unistd_64.h
    private const uint Read = 0, Socket = 41, Clone = 56, Ptrace = 101, Personality = 135, Mount = 165, Chroot = 161,
        Unshare = 272, Bpf = 321, Clone3 = 435, Openat2 = 437, FutexWaitv = 449, Keyctl = 250, IoUringSetup = 425, Syslog = 103;

    private static readonly KernelVersion s_kernel = new(6, 12);

    [SeccompTheory]
    [InlineData(Read, true)]
    [InlineData(Openat2, true)]
    [InlineData(FutexWaitv, true)]
    [InlineData(Ptrace, true)]
    [InlineData(Chroot, true)] // CAP_SYS_CHROOT is among the 14
    [InlineData(Mount, false)]
    [InlineData(Unshare, false)]
    [InlineData(Bpf, false)]
    [InlineData(Keyctl, false)]
    [InlineData(IoUringSetup, false)]
    [InlineData(Syslog, false)]
    public void With_the_default_capabilities(uint nr, bool allowed) =>
        Assert.Equal(allowed ? BpfMachine.Allow : BpfMachine.Fails(Errno.EPERM), Compile(CapabilitySet.Default).Run(X64, nr));

    [SeccompFact]
    public void Clone3_is_absent_so_that_the_C_library_falls_back_to_clone_which_makes_no_namespaces()
    {
        BpfMachine filter = Compile(CapabilitySet.Default);
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X64, Clone3));
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, Clone, 0x3d0f00)); // pthread_create
        foreach (CloneFlags flag in (CloneFlags[])[CloneFlags.CLONE_NEWNS, CloneFlags.CLONE_NEWCGROUP, CloneFlags.CLONE_NEWUTS,
            CloneFlags.CLONE_NEWIPC, CloneFlags.CLONE_NEWUSER, CloneFlags.CLONE_NEWPID, CloneFlags.CLONE_NEWNET])
        {
            Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, Clone, (ulong)flag | 17));
        }
    }

    [SeccompFact]
    public void Personalities_are_the_five_harmless_ones()
    {
        BpfMachine filter = Compile(CapabilitySet.Default);
        foreach (ulong persona in (ulong[])[0, 8, 0x20000, 0x20008, 0xffffffff])
        {
            Assert.Equal(BpfMachine.Allow, filter.Run(X64, Personality, persona));
        }

        // ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC, and a harmless one with a bit set above the 32 that count.
        foreach (ulong persona in (ulong[])[0x40000, 0x400000, 9, 0x1_0000_0008])
        {
            Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, Personality, persona));
        }
    }

    [SeccompFact]
    public void Sockets_of_every_family_but_vsock_and_alg_on_every_architecture()
    {
        BpfMachine filter = Compile(CapabilitySet.Default);
        for (ulong family = 0; family < 64; family++)
        {
            uint expected = family is 38 or 40 ? BpfMachine.Fails(Errno.EPERM) : BpfMachine.Allow;
            Assert.Equal(expected, filter.Run(X64, Socket, family, 1));
            Assert.Equal(expected, filter.Run(X64, Socket | BpfMachine.X32Bit, family, 1));
            Assert.Equal(expected, filter.Run(X86, 359, family, 1));
        }
    }

    [SeccompTheory]
    [InlineData(0x1_0000_0026UL)]
    [InlineData(0x1_0000_0028UL)]
    [InlineData(0xffff_ffff_0000_0028UL)]
    public void A_refused_family_is_not_let_through_by_bits_that_the_kernel_drops(ulong family) =>
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), Compile(CapabilitySet.Default).Run(X64, Socket, family, 1));

    [SeccompFact]
    public void Thirty_two_bit_and_x32_programs_get_the_same_answers()
    {
        BpfMachine filter = Compile(CapabilitySet.Default);
        Assert.Equal(BpfMachine.Allow, filter.Run(X86, 3)); // read
        Assert.Equal(BpfMachine.Allow, filter.Run(X86, 195)); // stat64, which x86-64 has not
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X86, 21)); // mount
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X86, 435)); // clone3
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, Read | BpfMachine.X32Bit));
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, Mount | BpfMachine.X32Bit));
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 520 | BpfMachine.X32Bit)); // x32's own execve
        Assert.Equal(BpfMachine.KillThread, filter.Run((uint)ScmpArch.SCMP_ARCH_AARCH64, 63));
    }

    [SeccompFact]
    public void Calls_newer_than_the_profile_do_not_exist_on_any_architecture()
    {
        BpfMachine filter = Compile(CapabilitySet.Default);
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X64, 600));
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X64, uint.MaxValue));
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X64, 700 | BpfMachine.X32Bit));
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X86, 600));
    }

    [SeccompFact]
    public void Without_x32_among_the_architectures_its_calls_kill_whatever_their_number()
    {
        SeccompProfile profile = DefaultSeccompProfile.For(CapabilitySet.Default, Architecture.X64, s_kernel)
            with
        { Architectures = [ScmpArch.SCMP_ARCH_X86_64] };
        BpfMachine filter = new(SeccompCompiler.Compile(profile).Program);
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, Read));
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, Mount));
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), filter.Run(X64, 600));
        Assert.Equal(BpfMachine.KillThread, filter.Run(X64, Read | BpfMachine.X32Bit));
        Assert.Equal(BpfMachine.KillThread, filter.Run(X64, 700 | BpfMachine.X32Bit));
        Assert.Equal(BpfMachine.KillThread, filter.Run(X86, 3));
    }

    [SeccompFact]
    public void Ptrace_needs_a_kernel_of_4_8_or_its_capability()
    {
        BpfMachine old = new(SeccompCompiler.Compile(DefaultSeccompProfile.For(CapabilitySet.Default, Architecture.X64, new(4, 7))).Program);
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), old.Run(X64, Ptrace));
        CapabilitySet tracer = CapabilitySet.Default.With(Capability.CAP_SYS_PTRACE);
        BpfMachine oldTracer = new(SeccompCompiler.Compile(DefaultSeccompProfile.For(tracer, Architecture.X64, new(4, 7))).Program);
        Assert.Equal(BpfMachine.Allow, oldTracer.Run(X64, Ptrace));
    }

    [SeccompTheory]
    [InlineData(Capability.CAP_SYS_ADMIN, new uint[] { Mount, Unshare, Clone3, Bpf, 308, 170, 171, 430, 442, 443, 298, 212, Syslog })]
    [InlineData(Capability.CAP_DAC_READ_SEARCH, new uint[] { 304 })]
    [InlineData(Capability.CAP_SYS_BOOT, new uint[] { 169 })]
    [InlineData(Capability.CAP_SYS_CHROOT, new uint[] { Chroot })]
    [InlineData(Capability.CAP_SYS_MODULE, new uint[] { 175, 176, 313 })]
    [InlineData(Capability.CAP_SYS_PACCT, new uint[] { 163 })]
    [InlineData(Capability.CAP_SYS_PTRACE, new uint[] { 312, 438, 440 })]
    [InlineData(Capability.CAP_SYS_RAWIO, new uint[] { 172, 173 })]
    [InlineData(Capability.CAP_SYS_TIME, new uint[] { 164, 227 })]
    [InlineData(Capability.CAP_SYS_TTY_CONFIG, new uint[] { 153 })]
    [InlineData(Capability.CAP_SYS_NICE, new uint[] { 237, 238, 239, 450 })]
    [InlineData(Capability.CAP_SYSLOG, new uint[] { Syslog })]
    [InlineData(Capability.CAP_BPF, new uint[] { Bpf })]
    [InlineData(Capability.CAP_PERFMON, new uint[] { 298 })]
    public void A_capability_brings_its_calls(Capability capability, uint[] calls)
    {
        BpfMachine without = Compile(CapabilitySet.None);
        BpfMachine with = Compile(CapabilitySet.Of(capability));
        foreach (uint nr in calls)
        {
            Assert.NotEqual(BpfMachine.Allow, without.Run(X64, nr));
            Assert.Equal(BpfMachine.Allow, with.Run(X64, nr));
        }

        // The others' calls stay away: every capability alone leaves reboot or mount refused.
        uint foreign = capability == Capability.CAP_SYS_BOOT ? Mount : 169u;
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), with.Run(X64, foreign));
    }

    [Fact]
    public void No_call_is_listed_twice_without_conditions_and_each_name_is_plausible()
    {
        SeccompProfile profile = DefaultSeccompProfile.For(CapabilitySet.None, Architecture.X64, s_kernel);
        string[] names = [.. profile.Rules.Where(r => r.Args.IsEmpty).SelectMany(r => r.Names)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches("^[a-z0-9_]+$", n));
        Assert.Equal(361 + 3 + 2 + 1, names.Length); // for all, ptrace's, x86's, clone3
    }

    [Fact]
    public void Arm64_runs_arm_programs_too()
    {
        SeccompProfile profile = DefaultSeccompProfile.For(CapabilitySet.Default, Architecture.Arm64, s_kernel);
        Assert.Equal([ScmpArch.SCMP_ARCH_AARCH64, ScmpArch.SCMP_ARCH_ARM], profile.Architectures.ToArray());
        Assert.Contains(profile.Rules, r => r.Names.Contains("set_tls"));
        Assert.DoesNotContain(profile.Rules, r => r.Names.Contains("modify_ldt"));
    }

    [Fact]
    public void The_key_depends_on_what_the_rules_depend_on_and_on_nothing_else()
    {
        string key = Key(CapabilitySet.Default);
        Assert.Equal("default-1-x86-64-0000000000040000-ptrace", key);
        Assert.Equal(key, Key(CapabilitySet.Default.With(Capability.CAP_NET_ADMIN)));
        Assert.NotEqual(key, Key(CapabilitySet.Default.With(Capability.CAP_BPF)));
        Assert.NotEqual(key, DefaultSeccompProfile.Key(CapabilitySet.Default, Architecture.X64, new(4, 7)));
        Assert.NotEqual(key, DefaultSeccompProfile.Key(CapabilitySet.Default, Architecture.Arm64, s_kernel));
        // Every capability that changes the profile changes the key.
        foreach (Capability capability in Enum.GetValues<Capability>())
        {
            CapabilitySet one = CapabilitySet.Of(capability);
            bool same = SeccompKey.Of(Profile(one)) == SeccompKey.Of(Profile(CapabilitySet.None));
            Assert.Equal(same, Key(one) == Key(CapabilitySet.None));
        }

        static string Key(CapabilitySet set) => DefaultSeccompProfile.Key(set, Architecture.X64, s_kernel);
        static SeccompProfile Profile(CapabilitySet set) => DefaultSeccompProfile.For(set, Architecture.X64, s_kernel);
    }

    private static BpfMachine Compile(CapabilitySet capabilities) =>
        new(SeccompCompiler.Compile(DefaultSeccompProfile.For(capabilities, Architecture.X64, s_kernel)).Program);
}
