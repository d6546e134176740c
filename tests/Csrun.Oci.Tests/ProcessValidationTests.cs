namespace Csrun.Oci.Tests;

/// <summary>config.md: version, process, names, hooks, annotations.</summary>
public sealed class ProcessValidationTests
{
    [Fact]
    public void The_minimal_configuration_has_no_mistake()
    {
        List<ConfigMistake> warnings = [];
        Assert.Empty(SpecValidator.Validate(Config.MinimalSpec, warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("2.0.0")]
    [InlineData("0.9.0")]
    [InlineData("01.2.0")]
    [InlineData("1.2.0.1")]
    [InlineData("1..0")]
    [InlineData("1.x.0")]
    [InlineData("-1.2.0")]
    [InlineData("v1.2.0")]
    public void Versions_other_than_1_are_refused(string version) =>
        Assert.Equal("$.ociVersion", Config.OnlyMistake(Config.MinimalSpec with { OciVersion = version }).JsonPath);

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.3.0+build.5")]
    [InlineData("1.2.10-rc.1")]
    public void Versions_1_are_accepted(string version) =>
        Assert.Empty(SpecValidator.Validate(Config.MinimalSpec with { OciVersion = version }));

    [Fact]
    public void A_process_is_needed() =>
        Assert.Equal("$.process", Config.OnlyMistake(Config.MinimalSpec with { Process = null }).JsonPath);

    [Fact]
    public void Args_need_a_command()
    {
        Assert.Equal("$.process.args", Config.OnlyMistake(Config.WithProcess(p => p with { Args = [] })).JsonPath);
        Assert.Equal("$.process.args[0]", Config.OnlyMistake(Config.WithProcess(p => p with { Args = ["", "x"] })).JsonPath);
        Assert.Empty(SpecValidator.Validate(Config.WithProcess(p => p with { Args = ["x", ""] })));
        Assert.Equal("$.process.args[1]", Config.OnlyMistake(Config.WithProcess(p => p with { Args = ["x", "a\0b"] })).JsonPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("root")]
    [InlineData("./")]
    [InlineData("/a\0b")]
    public void The_working_directory_is_absolute(string cwd) =>
        Assert.Equal("$.process.cwd", Config.OnlyMistake(Config.WithProcess(p => p with { Cwd = cwd })).JsonPath);

    [Theory]
    [InlineData("PATH")]
    [InlineData("=x")]
    [InlineData("")]
    [InlineData("A=b\0c")]
    public void Environment_entries_are_pairs(string entry) =>
        Assert.Equal("$.process.env[1]", Config.OnlyMistake(Config.WithProcess(p => p with { Env = ["A=", entry] })).JsonPath);

    [Fact]
    public void Environment_values_may_be_empty_and_hold_equals_signs() =>
        Assert.Empty(SpecValidator.Validate(Config.WithProcess(p => p with { Env = ["A=", "B==", "c d=e\nf"] })));

    [Theory]
    [InlineData("CAP_NET_ADMN", "CAP_NET_ADMIN")]
    [InlineData("cap_chown", "CAP_CHOWN")]
    [InlineData("NET_RAW", "CAP_NET_RAW")]
    [InlineData("sys_admin", "CAP_SYS_ADMIN")]
    public void Misspelt_capabilities_are_mistakes_with_the_right_name(string name, string meant)
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.WithProcess(p => p with { Capabilities = new Capabilities { Bounding = ["CAP_KILL", name] } }));
        Assert.Equal("$.process.capabilities.bounding[1]", mistake.JsonPath);
        Assert.Equal($"did you mean \"{meant}\"?", mistake.Fix);
    }

    [Fact]
    public void Unknown_capabilities_warn_and_other_words_are_mistakes()
    {
        List<ConfigMistake> warnings = [];
        IReadOnlyList<ConfigMistake> mistakes = SpecValidator.Validate(
            Config.WithProcess(p => p with { Capabilities = new Capabilities { Bounding = ["CAP_TIME_TRAVEL", "everything"] } }), warnings);
        Assert.Equal("$.process.capabilities.bounding[0]", Assert.Single(warnings).JsonPath);
        Assert.Equal("$.process.capabilities.bounding[1]", Assert.Single(mistakes).JsonPath);
    }

    [Fact]
    public void All_41_capabilities_are_known()
    {
        string[] all = KnownWordsOfHeader("linux/capability.h", "CAP_", "CAP_LAST_CAP");
        Assert.True(all.Length is 0 or >= 41, $"{all.Length} in the header");
        List<ConfigMistake> warnings = [];
        Assert.Empty(SpecValidator.Validate(Config.WithProcess(p => p with { Capabilities = new Capabilities { Bounding = all } }), warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Effective_capabilities_have_to_be_permitted()
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.WithProcess(p => p with { Capabilities = new Capabilities { Effective = ["CAP_KILL", "CAP_CHOWN"], Permitted = ["CAP_KILL"] } }));
        Assert.Equal("$.process.capabilities.effective[1]", mistake.JsonPath);
    }

    [Fact]
    public void Ambient_capabilities_beyond_the_inheritable_ones_warn()
    {
        List<ConfigMistake> warnings = [];
        Assert.Empty(SpecValidator.Validate(
            Config.WithProcess(p => p with { Capabilities = new Capabilities { Permitted = ["CAP_KILL"], Ambient = ["CAP_KILL"] } }), warnings));
        Assert.Equal("$.process.capabilities.ambient[0]", Assert.Single(warnings).JsonPath);
    }

    [Fact]
    public void Rlimits_are_known_once_each_and_soft_is_at_most_hard()
    {
        Rlimit good = new() { Type = "RLIMIT_NOFILE", Soft = 5, Hard = ulong.MaxValue };
        Assert.Empty(SpecValidator.Validate(Config.WithProcess(p => p with { Rlimits = [good, good with { Type = "RLIMIT_RTTIME" }] })));
        Assert.Equal("did you mean \"RLIMIT_NOFILE\"?", Config.OnlyMistake(Config.WithProcess(p => p with { Rlimits = [good with { Type = "RLIMIT_NOFILES" }] })).Fix);
        Assert.Equal("$.process.rlimits[0].soft", Config.OnlyMistake(Config.WithProcess(p => p with { Rlimits = [good with { Hard = 4 }] })).JsonPath);
        ConfigMistake twice = Config.OnlyMistake(Config.WithProcess(p => p with { Rlimits = [good, good with { Soft = 1 }] }));
        Assert.Equal("$.process.rlimits[1].type", twice.JsonPath);
        Assert.Contains("rlimits[0]", twice.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1001, false)]
    [InlineData(-1000, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void The_oom_score_has_its_range(int value, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithProcess(p => p with { OomScoreAdj = value })).Count == 0);

    [Fact]
    public void The_user_may_not_be_minus_one_nor_outside_the_mappings()
    {
        Assert.Equal("$.process.user.uid", Config.OnlyMistake(Config.WithProcess(p => p with { User = new User { Uid = uint.MaxValue } })).JsonPath);
        Spec mapped = Config.WithLinux(new LinuxConfig
        {
            Namespaces = Config.Namespaces("user"),
            UidMappings = [new(0, 1000, 1), new(5, 100000, 10)],
            GidMappings = [new(0, 1000, 1)],
        });
        Assert.Empty(SpecValidator.Validate(mapped));
        Spec With(User user) => mapped with { Process = mapped.Process! with { User = user } };
        Assert.Empty(SpecValidator.Validate(With(new User { Uid = 14 })));
        Assert.Equal("$.process.user.uid", Config.OnlyMistake(With(new User { Uid = 15 })).JsonPath);
        Assert.Equal("$.process.user.uid", Config.OnlyMistake(With(new User { Uid = 1 })).JsonPath);
        Assert.Equal("$.process.user.additionalGids[1]", Config.OnlyMistake(With(new User { AdditionalGids = [0, 7] })).JsonPath);
    }

    [Fact]
    public void The_umask_is_at_most_octal_777()
    {
        Assert.Empty(SpecValidator.Validate(Config.WithProcess(p => p with { User = new User { Umask = 511 } })));
        Assert.Equal("$.process.user.umask", Config.OnlyMistake(Config.WithProcess(p => p with { User = new User { Umask = 512 } })).JsonPath);
    }

    [Fact]
    public void Scheduling_words_and_ranges_are_checked()
    {
        Spec spec = Config.WithProcess(p => p with
        {
            Scheduler = new Scheduler { Policy = "SCHED_FIFI", Nice = 20, Flags = ["SCHED_FLAG_NONE"] },
            IoPriority = new IoPriority { Class = "BE", Priority = 8 },
            ExecCpuAffinity = new CpuAffinity { Initial = "3-1", Final = "0-3,x" },
        });
        Assert.Equal(
            [
                "$.process.scheduler.policy", "$.process.scheduler.flags[0]", "$.process.scheduler.nice", "$.process.ioPriority.class",
                "$.process.ioPriority.priority", "$.process.execCPUAffinity.initial", "$.process.execCPUAffinity.final",
            ],
            SpecValidator.Validate(spec).Select(m => m.JsonPath));
    }

    [Theory]
    [InlineData("""{"class": "IOPRIO_CLASS_IDLE"}""")]
    [InlineData("""{"class": "IOPRIO_CLASS_BE"}""", "$.process.ioPriority.priority")]
    [InlineData("{}", "$.process.ioPriority.priority", "$.process.ioPriority.class")]
    public void An_IO_priority_is_needed_in_all_classes_but_idle(string ioPriority, params string[] paths) =>
        Assert.Equal(paths, Config.ReadAndValidate(Config.Minimal.Replace("\"cwd\"", $"\"ioPriority\": {ioPriority}, \"cwd\"", StringComparison.Ordinal)).Mistakes.Select(m => m.JsonPath));

    public static TheoryData<string, string> WrongSchedulers => new()
    {
        { """{"policy": "SCHED_FIFO"}""", "$.process.scheduler.priority" },
        { """{"policy": "SCHED_RR", "priority": 100}""", "$.process.scheduler.priority" },
        { """{"policy": "SCHED_BATCH", "priority": 1}""", "$.process.scheduler.priority" },
        { """{"policy": "SCHED_OTHER", "runtime": 1}""", "$.process.scheduler.runtime" },
        { """{"policy": "SCHED_IDLE", "deadline": 1}""", "$.process.scheduler.deadline" },
        { """{"policy": "SCHED_FIFO", "priority": 1, "period": 1}""", "$.process.scheduler.period" },
        { """{"policy": "SCHED_DEADLINE", "deadline": 2000}""", "$.process.scheduler.runtime" },
        { """{"policy": "SCHED_DEADLINE", "runtime": 2000, "deadline": 1999}""", "$.process.scheduler.deadline" },
        { """{"policy": "SCHED_DEADLINE", "runtime": 2000, "deadline": 3000, "period": 2999}""", "$.process.scheduler.period" },
    };

    [Theory]
    [MemberData(nameof(WrongSchedulers))]
    public void What_a_scheduling_policy_does_not_take_is_named(string scheduler, string path) => Assert.Equal(path, Config.OnlyMistake(WithScheduler(scheduler)).JsonPath);

    [Theory]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": -20, "priority": 0, "runtime": 0}""")]
    [InlineData("""{"policy": "SCHED_RR", "priority": 99, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}""")]
    [InlineData("""{"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 1024}""")]
    [InlineData("""{"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 2000000, "period": 4000000}""")]
    public void What_it_takes_is_no_mistake(string scheduler) => Assert.Empty(Config.ReadAndValidate(WithScheduler(scheduler)).Mistakes);

    private static string WithScheduler(string json) => Config.Minimal.Replace("\"cwd\"", $"\"scheduler\": {json}, \"cwd\"", StringComparison.Ordinal);

    [Fact]
    public void A_hostname_needs_a_uts_namespace_and_at_most_64_bytes()
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.MinimalSpec with { Hostname = "web" });
        Assert.Equal("$.hostname", mistake.JsonPath);
        Assert.Contains("uts", mistake.Fix, StringComparison.Ordinal);

        Spec uts = Config.WithLinux(new LinuxConfig { Namespaces = Config.Namespaces("uts") });
        Assert.Empty(SpecValidator.Validate(uts with { Hostname = new string('x', 64), Domainname = "example.org" }));
        Assert.Equal("$.hostname", Config.OnlyMistake(uts with { Hostname = new string('x', 65) }).JsonPath);
        // 33 characters, 66 bytes.
        Assert.Equal("$.domainname", Config.OnlyMistake(uts with { Domainname = new string('ä', 33) }).JsonPath);
    }

    [Fact]
    public void Hooks_have_absolute_paths_and_a_positive_timeout()
    {
        Spec spec = Config.MinimalSpec with
        {
            Hooks = new Hooks
            {
                Prestart = [new Hook { Path = "bin/x" }],
                CreateRuntime = [new Hook { Path = "/bin/x", Timeout = 0 }],
                StartContainer = [new Hook { Path = "/bin/x" }, new Hook()],
                Poststop = [new Hook { Path = "/bin/x", Env = ["A"], Timeout = 1 }],
            },
        };
        Assert.Equal(
            ["$.hooks.prestart[0].path", "$.hooks.createRuntime[0].timeout", "$.hooks.startContainer[1].path", "$.hooks.poststop[0].env[0]"],
            SpecValidator.Validate(spec).Select(m => m.JsonPath));
    }

    [Fact]
    public void An_annotation_has_a_name() =>
        Assert.Equal("$.annotations[\"\"]", Config.OnlyMistake(Config.With("\"annotations\":{\"\":\"x\"}")).JsonPath);

    /// <summary>Names a kernel header defines as numbers; empty where the header is not installed.</summary>
    private static string[] KnownWordsOfHeader(string header, string prefix, string except)
    {
        string path = $"/usr/include/{header}";
        return !File.Exists(path) ? [] :
        [
            .. File.ReadLines(path)
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length >= 3 && words[0] == "#define" && words[1].StartsWith(prefix, StringComparison.Ordinal)
                    && words[1] != except && int.TryParse(words[2], out _))
                .Select(words => words[1]),
        ];
    }
}
