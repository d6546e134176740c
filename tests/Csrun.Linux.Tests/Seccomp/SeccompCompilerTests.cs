using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;

namespace Csrun.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint X64 = (uint)ScmpArch.SCMP_ARCH_X86_64;

    [SeccompFact]
    public void An_unknown_call_is_left_out_and_noted_for_a_users_profile_only()
    {
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            NotesUnknownCalls = true,
            Rules = [new SeccompRule(["no_such_call", "getpid"], ScmpAct.SCMP_ACT_ERRNO, 13)],
        };
        SeccompFilter filter = SeccompCompiler.Compile(profile);
        string note = Assert.Single(filter.Notes);
        Assert.StartsWith("seccomp profile: \"no_such_call\" is no system call that libseccomp 2.", note, StringComparison.Ordinal);
        Assert.Equal(BpfMachine.Fails(Errno.EACCES), new BpfMachine(filter.Program).Run(X64, 39));
        Assert.Empty(SeccompCompiler.Compile(profile with { NotesUnknownCalls = false }).Notes);
    }

    [SeccompFact]
    public void A_deny_list_does_not_make_newer_calls_vanish()
    {
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            Rules = [new SeccompRule(["getpid"], ScmpAct.SCMP_ACT_KILL_PROCESS)],
        };
        BpfMachine filter = new(SeccompCompiler.Compile(profile).Program);
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 600));
        Assert.Equal(0x80000000, filter.Run(X64, 39));
    }

    [SeccompTheory]
    [InlineData(ScmpAct.SCMP_ACT_ERRNO, (ushort)5, 0x00050005u)]
    [InlineData(ScmpAct.SCMP_ACT_TRACE, (ushort)7, 0x7ff00007u)]
    [InlineData(ScmpAct.SCMP_ACT_TRAP, (ushort)5, 0x00030000u)]
    [InlineData(ScmpAct.SCMP_ACT_LOG, (ushort)0, 0x7ffc0000u)]
    [InlineData(ScmpAct.SCMP_ACT_KILL_THREAD, (ushort)0, 0u)]
    public void Actions_come_out_as_the_kernel_numbers_them(ScmpAct action, ushort number, uint expected)
    {
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            Rules = [new SeccompRule(["getpid"], action, number)],
        };
        Assert.Equal(expected, new BpfMachine(SeccompCompiler.Compile(profile).Program).Run(X64, 39));
    }

    [SeccompTheory]
    [InlineData(ScmpCompare.SCMP_CMP_NE, 5UL, 0UL, 6UL, 5UL)]
    [InlineData(ScmpCompare.SCMP_CMP_LT, 5UL, 0UL, 4UL, 5UL)]
    [InlineData(ScmpCompare.SCMP_CMP_LE, 5UL, 0UL, 5UL, 6UL)]
    [InlineData(ScmpCompare.SCMP_CMP_EQ, 5UL, 0UL, 5UL, 0x1_0000_0005UL)]
    [InlineData(ScmpCompare.SCMP_CMP_GE, 5UL, 0UL, 0x1_0000_0000UL, 4UL)]
    [InlineData(ScmpCompare.SCMP_CMP_GT, 5UL, 0UL, 6UL, 5UL)]
    [InlineData(ScmpCompare.SCMP_CMP_MASKED_EQ, 0xf0UL, 0x10UL, 0x1fUL, 0x2fUL)]
    public void Comparisons_are_of_64_bits(ScmpCompare op, ulong value, ulong two, ulong match, ulong other)
    {
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            Rules = [new SeccompRule(["dup3"], ScmpAct.SCMP_ACT_ERRNO, 1, [new SeccompArg(2, value, two, op)])],
        };
        BpfMachine filter = new(SeccompCompiler.Compile(profile).Program);
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, 292, 99, 99, match));
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 292, 99, 99, other));
    }

    [SeccompFact]
    public void Conditions_on_different_arguments_are_all_needed_and_on_the_same_one_each_suffices()
    {
        SeccompProfile both = Dup3(new SeccompArg(0, 1, 0, ScmpCompare.SCMP_CMP_EQ), new SeccompArg(1, 2, 0, ScmpCompare.SCMP_CMP_EQ));
        BpfMachine filter = new(SeccompCompiler.Compile(both).Program);
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 292, 1, 2));
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, 292, 1, 3));
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, 292, 0, 2));

        SeccompProfile either = Dup3(new SeccompArg(0, 1, 0, ScmpCompare.SCMP_CMP_EQ), new SeccompArg(0, 2, 0, ScmpCompare.SCMP_CMP_EQ));
        filter = new(SeccompCompiler.Compile(either).Program);
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 292, 1));
        Assert.Equal(BpfMachine.Allow, filter.Run(X64, 292, 2));
        Assert.Equal(BpfMachine.Fails(Errno.EPERM), filter.Run(X64, 292, 3));

        static SeccompProfile Dup3(params SeccompArg[] args) => new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ERRNO,
            Rules = [new SeccompRule(["dup3"], ScmpAct.SCMP_ACT_ALLOW, 0, [.. args])],
        };
    }

    [SeccompFact]
    public void An_empty_profile_compiles()
    {
        SeccompProfile profile = new() { DefaultAction = ScmpAct.SCMP_ACT_ERRNO, DefaultErrnoRet = 38, Rules = [] };
        Assert.Equal(BpfMachine.Fails(Errno.ENOSYS), new BpfMachine(SeccompCompiler.Compile(profile).Program).Run(X64, 0));
    }

    [SeccompFact]
    public void A_rule_libseccomp_refuses_is_named()
    {
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            Rules = [new SeccompRule(["dup3"], ScmpAct.SCMP_ACT_ERRNO, 1, [new SeccompArg(6, 0, 0, ScmpCompare.SCMP_CMP_EQ)])],
        };
        CsrunException e = Assert.Throws<CsrunException>(() => SeccompCompiler.Compile(profile));
        Assert.Equal("seccomp: libseccomp refuses argument 6 of dup3 (there are 0 to 5): EINVAL (invalid argument)", e.Message);
    }

    [SeccompFact]
    public void A_profile_over_the_kernels_limit_is_refused_before_the_kernel_does()
    {
        // Each value takes at least one comparison.
        SeccompProfile profile = new()
        {
            DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
            Rules = [.. Enumerable.Range(0, 4200).Select(i => new SeccompRule(
                ["dup3"], ScmpAct.SCMP_ACT_ERRNO, 1, [new SeccompArg(0, (ulong)i << 30, 0, ScmpCompare.SCMP_CMP_EQ)]))],
        };
        CsrunException e = Assert.Throws<CsrunException>(() => SeccompCompiler.Compile(profile));
        Assert.Contains("4096 (BPF_MAXINSNS)", e.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_libseccomp_the_message_says_how_to_get_it_or_do_without()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => LibSeccomp.Load("libseccomp-that-is-not-there.so.2"));
        Assert.Equal("seccomp: cannot load libseccomp-that-is-not-there.so.2, which compiles the seccomp profile", e.Message);
        Assert.Contains("apt install libseccomp2", e.Fix, StringComparison.Ordinal);
        Assert.Contains("--security-opt seccomp=unconfined", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_library_of_that_name_is_not_usable() =>
        Assert.Contains("lacks a function", Assert.Throws<CsrunException>(() => LibSeccomp.Load("libc.so.6")).Why, StringComparison.Ordinal);
}
