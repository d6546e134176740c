using Csrun.Linux.Bpf;
using Csrun.Oci;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Tests.Cgroups;

public sealed class DeviceRuleTests
{
    [Fact]
    public void A_container_without_rules_gets_the_standard_devices()
    {
        DeviceRuleSet set = DeviceRuleSet.Of([], out IReadOnlyList<ConfigMistake> mistakes);
        Assert.Empty(mistakes);
        Assert.False(set.AllowByDefault);
        Assert.Equal(["a", "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:8 rwm", "c 1:7 rwm", "c 5:0 rwm", "c 1:5 rwm", "c 1:9 rwm", "c 136:* rwm", "c 5:2 rwm"], set.Writes().Select(w => w.Text));
        Assert.Equal("devices.deny", set.Writes()[0].File);
    }

    [Fact]
    public void A_rule_for_all_starts_over()
    {
        DeviceRuleSet set = DeviceRuleSet.Of([Rule(true, "c", 10, 229, "rw"), Rule(true, "a"), Rule(false, "b", 8, 0, "w")], out _);
        Assert.True(set.AllowByDefault);
        Assert.Equal(["a", "b 8:0 w"], set.Writes().Select(w => w.Text));
    }

    [Fact]
    public void An_exception_can_be_taken_back_in_part()
    {
        DeviceRuleSet set = DeviceRuleSet.Of([Rule(true, "c", 10, 229, "rwm"), Rule(false, "c", 10, 229, "w")], out IReadOnlyList<ConfigMistake> mistakes);
        Assert.Empty(mistakes);
        Assert.Contains(new DeviceRule('c', 10, 229, DeviceRule.Read | DeviceRule.Mknod), set.Exceptions);
    }

    [Fact]
    public void What_the_kernel_cannot_say_is_refused()
    {
        DeviceRuleSet.Of([Rule(true, "c", 10, null, "rwm"), Rule(false, "c", 10, 229, "w")], out IReadOnlyList<ConfigMistake> mistakes);
        Assert.Equal("$.linux.resources.devices[1]", Assert.Single(mistakes).JsonPath);
    }

    /// <summary>The program decides as the rules read, for every combination of some kinds, numbers and accesses.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_BPF_program_decides_as_the_rules_say(bool allowByDefault)
    {
        DeviceRule[] rules = [new('c', 1, 3, 7), new('c', 10, null, 2), new('b', null, null, 1), new('a', 99, 5, 6), new('c', null, 77, 4)];
        ulong[] program = [.. DeviceProgram.Make(allowByDefault, [.. rules])];
        int allowed = 0, all = 0;
        foreach (char type in "bc")
        {
            foreach (uint major in (uint[])[1, 10, 99, 5])
            {
                foreach (uint minor in (uint[])[3, 5, 77, 0])
                {
                    for (int access = 1; access <= 7; access++)
                    {
                        bool exception = rules.Any(r => (r.Type == 'a' || r.Type == type) && (r.Major ?? major) == major && (r.Minor ?? minor) == minor
                            && (allowByDefault ? (access & r.Access) != 0 : (access & ~r.Access) == 0));
                        bool expected = exception != allowByDefault;
                        Assert.Equal(expected, Execute(program, type, access, major, minor));
                        allowed += expected ? 1 : 0;
                        all++;
                    }
                }
            }
        }

        Assert.InRange(allowed, 1, all - 1);
    }

    /// <summary>Enough of BPF for the program; the kernel's verifier sees it in the integration tests.</summary>
    private static bool Execute(ulong[] program, char type, int access, uint major, uint minor)
    {
        uint[] context = [(uint)(access << 16) | (type == 'b' ? 1u : 2u), major, minor];
        ulong[] r = new ulong[11];
        for (int pc = 0; ; pc++)
        {
            ulong i = program[pc];
            int dst = (int)(i >> 8 & 15), src = (int)(i >> 12 & 15), offset = (short)(i >> 16), imm = (int)(i >> 32);
            switch ((byte)i)
            {
                case 0x61: r[dst] = context[offset / 4]; break;
                case 0x54: r[dst] = (uint)r[dst] & (uint)imm; break;
                case 0x74: r[dst] = (uint)r[dst] >> imm; break;
                case 0xb7: r[dst] = (ulong)imm; break;
                case 0xbc: r[dst] = (uint)r[src]; break;
                case 0x15: pc += r[dst] == (ulong)imm ? offset : 0; break;
                case 0x55: pc += r[dst] != (ulong)imm ? offset : 0; break;
                case 0x5d: pc += r[dst] != r[src] ? offset : 0; break;
                case 0x95: return r[0] != 0;
                default: throw new InvalidOperationException($"{i:x}");
            }
        }
    }

    private static DeviceCgroupRule Rule(bool allow, string type, long? major = null, long? minor = null, string access = "rwm") =>
        new() { Allow = allow, Type = type, Major = major, Minor = minor, Access = access };
}
