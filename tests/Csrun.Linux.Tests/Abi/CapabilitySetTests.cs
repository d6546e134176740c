using Csrun.Linux.Abi;

namespace Csrun.Linux.Tests.Abi;

public sealed class CapabilitySetTests
{
    private static readonly string[] s_defaults =
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
        "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ];

    [Fact]
    public void The_names_are_those_of_the_enum_in_order()
    {
        Assert.Equal(Enum.GetNames<Capability>(), CapabilityNames.All);
        Assert.Equal(Enumerable.Range(0, 41), Enum.GetValues<Capability>().Select(c => (int)c));
    }

    [Fact]
    public void Dockers_fourteen_defaults_have_the_mask_that_its_containers_show()
    {
        CapabilitySet set = CapabilitySet.Parse(s_defaults, "--cap-add", out bool all);
        Assert.False(all);
        Assert.Equal(CapabilitySet.Default, set);
        Assert.Equal("00000000a80425fb", set.ToString());
        Assert.Equal(14, set.Names().Count);
        Assert.Equal("CAP_CHOWN", set.Names()[0]);
        Assert.Equal("000001ffffffffff", CapabilitySet.All.ToString());
    }

    [Theory]
    [InlineData("CAP_NET_ADMIN")]
    [InlineData("NET_ADMIN")]
    [InlineData("net_admin")]
    [InlineData("cap_Net_Admin")]
    public void A_name_is_read_with_and_without_its_prefix_in_any_case(string name) =>
        Assert.Equal(Capability.CAP_NET_ADMIN, CapabilityNames.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_CAP_CHOWN")]
    [InlineData("ALL")]
    [InlineData("12")]
    [InlineData("NET_ADMIN ")]
    public void What_is_no_name_is_refused(string name) => Assert.False(CapabilityNames.TryParse(name, out _));

    [Fact]
    public void An_unknown_name_is_answered_with_the_close_ones()
    {
        CsrunException e = Assert.Throws<CsrunException>(() => CapabilityNames.Parse("NET_ADMN", "--cap-drop"));
        Assert.Equal("--cap-drop: unknown capability \"NET_ADMN\"", e.Message);
        Assert.Equal("--cap-drop NET_ADMIN", e.Fix);
        Assert.Equal(125, e.ExitCode);
        Assert.Contains("SYS_PTRACE", Assert.Throws<CsrunException>(() => CapabilityNames.Parse("cap_ptrace")).Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", 0xa80425fbUL)]
    [InlineData("SYS_ADMIN", "", 0xa82425fbUL)]
    [InlineData("", "CHOWN,KILL", 0xa80425daUL)]
    [InlineData("CHOWN", "CHOWN", 0xa80425fbUL)] // dropped first, added afterwards
    [InlineData("ALL", "", 0x1ffffffffffUL)]
    [InlineData("", "ALL", 0UL)]
    [InlineData("all", "CAP_SYS_ADMIN", 0x1ffffdfffffUL)]
    [InlineData("NET_RAW", "ALL", 0x2000UL)]
    [InlineData("ALL", "ALL", 0x1ffffffffffUL)]
    [InlineData("ALL,SYS_TIME", "SYS_TIME", 0x1fffdffffffUL)]
    public void Add_and_drop_follow_docker(string add, string drop, ulong expected)
    {
        CapabilitySet set = CapabilitySet.Default.Tweak(Split(add), Split(drop), CapabilitySet.All);
        Assert.Equal(new CapabilitySet(expected), set);
    }

    [Fact]
    public void All_ends_at_the_kernels_last_capability()
    {
        Assert.Equal(0x3fffffffffUL, CapabilitySet.Default.Tweak(["ALL"], [], CapabilitySet.UpTo(37)).Mask);
        Assert.Equal(ulong.MaxValue, CapabilitySet.UpTo(63).Mask);
        Assert.Equal(CapabilitySet.All, CapabilitySet.UpTo((int)Capability.CAP_CHECKPOINT_RESTORE));
    }

    [Fact]
    public void Names_of_capabilities_from_a_newer_kernel_are_numbers() =>
        Assert.Equal(["CAP_CHECKPOINT_RESTORE", "CAP_41"], new CapabilitySet(3UL << 40).Names());

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
