using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Plan.SeccompProfiles;

namespace Csrun.Plan.Tests.SeccompProfiles;

public sealed class DockerSeccompProfileTests
{
    private const string Conditions = """
        {
          "defaultAction": "SCMP_ACT_ERRNO",
          "defaultErrnoRet": 2,
          "archMap": [
            { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] },
            { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
            { "architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null }
          ],
          "syscalls": [
            { "names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": [], "comment": "x", "includes": {}, "excludes": {} },
            { "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4.8" } },
            { "names": ["old"], "action": "SCMP_ACT_ALLOW", "excludes": { "minKernel": "4.8" } },
            { "names": ["two_caps"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_ADMIN", "CAP_BPF"] } },
            { "names": ["no_caps"], "action": "SCMP_ACT_ALLOW", "excludes": { "caps": ["CAP_SYS_ADMIN", "CAP_BPF"] } },
            { "names": ["arch_prctl"], "action": "SCMP_ACT_ALLOW", "includes": { "arches": ["amd64", "x32"] } },
            { "names": ["set_tls"], "action": "SCMP_ACT_ALLOW", "includes": { "arches": ["arm", "arm64"] } },
            { "names": ["not_s390"], "action": "SCMP_ACT_ALLOW", "excludes": { "arches": ["s390x"] } },
            { "name": "older_form", "action": "SCMP_ACT_ERRNO", "errnoRet": 38 },
            { "names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [
              { "index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ" },
              { "index": 1, "value": 18446744073709551615, "op": "SCMP_CMP_NE" } ] }
          ]
        }
        """;

    [Theory]
    [InlineData("", Architecture.X64, "6.12", "read write ptrace no_caps arch_prctl not_s390 older_form clone")]
    [InlineData("", Architecture.X64, "4.7", "read write old no_caps arch_prctl not_s390 older_form clone")]
    [InlineData("", Architecture.X64, "3.19", "read write old no_caps arch_prctl not_s390 older_form clone")]
    [InlineData("SYS_ADMIN", Architecture.X64, "6.12", "read write ptrace arch_prctl not_s390 older_form clone")]
    [InlineData("SYS_ADMIN BPF", Architecture.X64, "6.12", "read write ptrace two_caps arch_prctl not_s390 older_form clone")]
    [InlineData("", Architecture.Arm64, "6.12", "read write ptrace no_caps set_tls not_s390 older_form clone")]
    [InlineData("", Architecture.S390x, "6.12", "read write ptrace no_caps older_form clone")]
    public void Rules_hold_by_capability_architecture_and_kernel(string capabilities, Architecture architecture, string kernel, string calls)
    {
        SeccompProfile profile = Read(Conditions, capabilities, architecture, kernel).OrThrow("x");
        Assert.Equal(calls.Split(' '), profile.Rules.SelectMany(r => r.Names));
    }

    [Fact]
    public void Values_arrive_whole()
    {
        SeccompProfile profile = Read(Conditions).OrThrow("x");
        Assert.Equal(ScmpAct.SCMP_ACT_ERRNO, profile.DefaultAction);
        Assert.Equal(2, profile.DefaultErrnoRet);
        Assert.True(profile.NotesUnknownCalls);
        Assert.Equal([ScmpArch.SCMP_ARCH_X86_64, ScmpArch.SCMP_ARCH_X86, ScmpArch.SCMP_ARCH_X32], profile.Architectures.ToArray());
        Assert.Equal([ScmpArch.SCMP_ARCH_RISCV64], Read(Conditions, architecture: Architecture.RiscV64).Profile!.Architectures.ToArray());
        SeccompRule clone = profile.Rules[^1];
        Assert.Equal(
            [new SeccompArg(0, 0x7e020000, 0, ScmpCompare.SCMP_CMP_MASKED_EQ), new SeccompArg(1, ulong.MaxValue, 0, ScmpCompare.SCMP_CMP_NE)],
            clone.Args.ToArray());
        Assert.Equal(38, profile.Rules[^2].ErrnoRet);
        Assert.Equal(1, profile.Rules[0].ErrnoRet);
    }

    [Fact]
    public void An_oci_object_is_read_as_well()
    {
        SeccompProfile profile = Read("""
            { "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"],
              "syscalls": [ { "names": ["getcwd"], "action": "SCMP_ACT_KILL" } ] }
            """).OrThrow("x");
        Assert.Equal([ScmpArch.SCMP_ARCH_X86_64], profile.Architectures.ToArray());
        Assert.Equal(SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG, profile.Flags);
        Assert.Equal(ScmpAct.SCMP_ACT_KILL_THREAD, profile.Rules[0].Action);
        Assert.Equal(1, profile.DefaultErrnoRet);
        Assert.Empty(Read("""{"defaultAction":"SCMP_ACT_LOG"}""").OrThrow("x").Rules);
    }

    [Theory]
    [InlineData("[]", "$: must be an object, not a list")]
    [InlineData("{}", "$: neither defaultAction nor syscalls: not a seccomp profile; for no filter: csrun run --security-opt seccomp=unconfined ...")]
    [InlineData("""{"syscalls":[]}""", "$.defaultAction: missing, but required; one of SCMP_ACT_KILL, ")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALOW"}""", "$.defaultAction: \"SCMP_ACT_ALOW\" is not a seccomp action; did you mean \"SCMP_ACT_ALLOW\"?")]
    [InlineData("""{"defaultAction":"SCMP_ACT_NOTIFY"}""", "$.defaultAction: SCMP_ACT_NOTIFY needs a listener, which only linux.seccomp of a configuration can name; ")]
    [InlineData("""{"defaultAction":5}""", "$.defaultAction: must be a string, not 5")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}""", "$.defaultErrnoRet: 4096 is above 4095, the largest the kernel returns")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":-1}""", "$.defaultErrnoRet: must be a whole number from 0 to 4294967295, not -1")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","defaultAction":"SCMP_ACT_LOG"}""", "$: \"defaultAction\" twice in one object; remove one of them")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_AMD64"]}""", "$.architectures[0]: \"SCMP_ARCH_AMD64\" is not a seccomp architecture")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86"}]}""", "$.archMap: beside architectures; only one of the two can hold; remove one of them")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","flags":["LOG"]}""", "$.flags[0]: \"LOG\" is not a seccomp flag; ")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":{}}""", "$.syscalls: must be a list, not an object")]
    public void A_mistake_is_told_with_its_place(string json, string expected)
    {
        SeccompReading reading = Read(json);
        Assert.Null(reading.Profile);
        Assert.StartsWith(expected, Assert.Single(reading.Mistakes).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"action":"SCMP_ACT_LOG"}""", ".names: empty: a rule names at least one system call")]
    [InlineData("""{"names":["a"],"name":"b","action":"SCMP_ACT_LOG"}""", ".name: beside names; only one of the two can hold; use names")]
    [InlineData("""{"names":["read","Re ad\u001b[31m"],"action":"SCMP_ACT_LOG"}""", ".names[1]: \"Re ad?[31m\" cannot be a system call's name; a name is of small letters, digits and _")]
    [InlineData("""{"names":[7],"action":"SCMP_ACT_LOG"}""", ".names[0]: must be a string, not 7")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_NOTIFY"}""", ".action: SCMP_ACT_NOTIFY needs a listener")]
    [InlineData("""{"names":["a"]}""", ".action: missing, but required")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","args":[{"index":6,"op":"SCMP_CMP_EQ"}]}""", ".args[0].index: must be from 0 to 5, not 6: system calls have six arguments")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","args":[{"op":"=="}]}""", ".args[0].op: \"==\" is not a seccomp operator; one of SCMP_CMP_NE, ")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","args":[{"op":"SCMP_CMP_EQ","value":18446744073709551616}]}""", ".args[0].value: must be a whole number from 0 to 18446744073709551615, not 18446744073709551616")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","includes":{"caps":["CAP_SYSADMIN"]}}""", ".includes.caps[0]: \"CAP_SYSADMIN\" is not a capability; did you mean \"CAP_SYS_ADMIN\"?")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","excludes":{"minKernel":"4.8.1"}}""", ".excludes.minKernel: \"4.8.1\" is not a kernel version; write two numbers, such as \"4.8\"")]
    [InlineData("""{"names":["a"],"action":"SCMP_ACT_LOG","excludes":{"minKernel":"four"}}""", ".excludes.minKernel: \"four\" is not a kernel version")]
    [InlineData("\"read\"", ": must be an object, not a string")]
    public void A_mistake_in_a_rule_is_told_even_when_the_rule_would_not_hold(string rule, string expected)
    {
        string inactive = rule.EndsWith('}') && !rule.Contains("includes", StringComparison.Ordinal)
            ? $"{rule[..^1]},\"includes\":{{\"arches\":[\"vax\"]}}}}"
            : rule;
        foreach (string text in (string[])[rule, inactive])
        {
            SeccompReading reading = Read($$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["b"],"action":"SCMP_ACT_LOG"},{{text}}]}""");
            Assert.StartsWith($"$.syscalls[1]{expected}", Assert.Single(reading.Mistakes).ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_mistakes_come_at_once_in_one_message()
    {
        SeccompReading reading = Read("""{"defaultAction":"X","flags":["Y"],"syscalls":[{"names":["a"],"action":"Z"}]}""");
        Assert.Equal(3, reading.Mistakes.Count);
        CsrunException e = Assert.Throws<CsrunException>(() => reading.OrThrow("p.json"));
        Assert.Equal("seccomp profile \"p.json\": 3 mistakes", e.Message);
        Assert.Equal(3, e.Why!.Split('\n').Length);
        Assert.Equal(125, e.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{'a':1}")]
    [InlineData("{} x")]
    [InlineData("// c\n{}")]
    public void What_is_not_JSON_is_refused_with_its_position(string json)
    {
        SeccompReading reading = Read(json);
        Assert.NotNull(Assert.Single(reading.Mistakes).Position);
        Assert.Equal("the file is not JSON", reading.Mistakes[0].Problem);
    }

    [Fact]
    public void Hostile_files_end_in_mistakes()
    {
        Assert.Single(Read("{\"defaultAction\":\"\\ud800\"}").Mistakes);
        byte[] notUtf8 = [.. "{\"defaultAction\":\""u8, 0xff, .. "\"}"u8];
        Assert.Single(DockerSeccompProfile.Read(notUtf8, default, Architecture.X64, new(6, 12)).Mistakes);
        Assert.Single(Read(new string('[', 100_000)).Mistakes);
        string many = string.Join(',', Enumerable.Repeat("{}", 100_000));
        Assert.Equal(1000, Read($$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{{many}}]}""").Mistakes.Count);
        Assert.Contains("more than the limit", Read(new string(' ', DockerSeccompProfile.SizeLimit + 1)).Mistakes[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_oci_record_is_converted_with_its_own_paths()
    {
        Oci.Seccomp seccomp = new()
        {
            DefaultAction = "SCMP_ACT_TRACE",
            DefaultErrnoRet = 65535,
            Architectures = ["SCMP_ARCH_X86"],
            Syscalls =
            [
                new() { Names = ["a", "b"], Action = "SCMP_ACT_ERRNO", Args = [new() { Index = 5, Value = 1, ValueTwo = 2, Op = "SCMP_CMP_LE" }] },
            ],
        };
        SeccompProfile profile = OciSeccompProfile.Convert(seccomp).OrThrow("config.json");
        Assert.Equal(65535, profile.DefaultErrnoRet);
        Assert.Equal(1, profile.Rules[0].ErrnoRet);
        Assert.Equal([new SeccompArg(5, 1, 2, ScmpCompare.SCMP_CMP_LE)], profile.Rules[0].Args.ToArray());

        Oci.Seccomp listened = seccomp with { ListenerPath = "/run/agent", Flags = ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] };
        Assert.Equal(SeccompFilterFlags.None, OciSeccompProfile.Convert(listened).OrThrow("config.json").Flags);
        listened = listened with { Syscalls = [new() { Names = ["a"], Action = "SCMP_ACT_NOTIFY" }] };
        Assert.Equal(SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER | SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, OciSeccompProfile.Convert(listened).OrThrow("config.json").Flags);

        SeccompReading bad = OciSeccompProfile.Convert(seccomp with { Syscalls = [new() { Names = ["a"], Action = "SCMP_ACT_NOTIFY" }] });
        Assert.StartsWith("$.linux.seccomp.syscalls[0].action: SCMP_ACT_NOTIFY needs a listener", Assert.Single(bad.Mistakes).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_profile_survives_the_way_through_an_oci_configuration_and_is_valid_there()
    {
        SeccompProfile profile = DefaultSeccompProfile.For(CapabilitySet.Default, Architecture.X64, new(6, 12))
            with
        { NotesUnknownCalls = true, Flags = SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG };
        Oci.Seccomp seccomp = OciSeccompProfile.From(profile);
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], seccomp.Architectures);
        SeccompProfile back = OciSeccompProfile.Convert(seccomp).OrThrow("x");
        Assert.Equal(SeccompKey.Of(profile), SeccompKey.Of(back));
        Oci.Spec spec = new() { Linux = new() { Seccomp = seccomp } };
        Assert.DoesNotContain(Oci.SpecValidator.Validate(spec), m => m.JsonPath.Contains("seccomp", StringComparison.Ordinal));
    }

    [Fact]
    public void The_distributions_own_profile_is_read_where_it_is_installed()
    {
        const string File = "/usr/share/containers/seccomp.json";
        if (!System.IO.File.Exists(File))
        {
            return; // golang-github-containers-common is not installed
        }

        ImmutableArray<SeccompRule> rules = DockerSeccompProfile
            .Read(System.IO.File.ReadAllBytes(File), CapabilitySet.Default, Architecture.X64, new(6, 12)).OrThrow(File).Rules;
        Assert.Contains(rules, r => r.Action == ScmpAct.SCMP_ACT_ALLOW && r.Names.Contains("read"));
        Assert.Contains(rules, r => r.Action == ScmpAct.SCMP_ACT_ERRNO && r.Names.Contains("init_module"));
    }

    private static SeccompReading Read(
        string json, string capabilities = "", Architecture architecture = Architecture.X64, string kernel = "6.12")
    {
        Assert.True(KernelVersion.TryParse(kernel, out KernelVersion version));
        CapabilitySet set = CapabilitySet.Parse(capabilities.Split(' ', StringSplitOptions.RemoveEmptyEntries), "x", out _);
        return DockerSeccompProfile.Read(Encoding.UTF8.GetBytes(json), set, architecture, version);
    }
}
