using System.Text;

namespace Csrun.Oci.Tests;

/// <summary>Values of the wrong kind, duplicates and unknown names: each with its path and position.</summary>
public sealed class BindingTests
{
    [Theory]
    [InlineData("""{"process":{"user":{"uid":4294967296}}}""", "$.process.user.uid", "4294967295, not 4294967296")]
    [InlineData("""{"process":{"user":{"uid":-1}}}""", "$.process.user.uid", "from 0 to 4294967295, not -1")]
    [InlineData("""{"process":{"user":{"gid":1.0}}}""", "$.process.user.gid", "a whole number")]
    [InlineData("""{"process":{"user":{"gid":1e3}}}""", "$.process.user.gid", "not 1e3")]
    [InlineData("""{"process":{"user":{"uid":"0"}}}""", "$.process.user.uid", "not a string")]
    [InlineData("""{"process":{"user":{"additionalGids":[1,-5,"x"]}}}""", "$.process.user.additionalGids[1]", "not -5")]
    [InlineData("""{"process":{"args":"id"}}""", "$.process.args", "a list of strings, not a string")]
    [InlineData("""{"process":{"args":["a",1]}}""", "$.process.args[1]", "a string, not 1")]
    [InlineData("""{"process":{"args":["a",null]}}""", "$.process.args[1]", "not null")]
    [InlineData("""{"process":{"terminal":"true"}}""", "$.process.terminal", "true or false")]
    [InlineData("""{"process":{"oomScoreAdj":2147483648}}""", "$.process.oomScoreAdj", "2147483647")]
    [InlineData("""{"process":{"rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":-1}]}}""", "$.process.rlimits[0].hard", "not -1")]
    [InlineData("""{"process":{"rlimits":[{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551616}]}}""", "$.process.rlimits[0].hard", "18446744073709551615")]
    [InlineData("""{"process":{"rlimits":[{"type":"RLIMIT_CORE","soft":0}]}}""", "$.process.rlimits[0].hard", "missing")]
    [InlineData("""{"process":[]}""", "$.process", "an object, not a list")]
    [InlineData("""{"mounts":{}}""", "$.mounts", "a list, not an object")]
    [InlineData("""{"mounts":[{"destination":"/a"},3]}""", "$.mounts[1]", "an object, not 3")]
    [InlineData("""{"mounts":[{"uidMappings":[{"containerID":0,"size":1}]}]}""", "$.mounts[0].uidMappings[0].hostID", "missing")]
    [InlineData("""{"annotations":{"org.csrun.image":1}}""", "$.annotations[\"org.csrun.image\"]", "a string, not 1")]
    [InlineData("""{"annotations":[]}""", "$.annotations", "an object of strings")]
    [InlineData("""{"linux":{"netDevices":{"eth0":7}}}""", "$.linux.netDevices.eth0", "an object, not 7")]
    [InlineData("""{"linux":{"resources":{"blockIO":{"weight":65536}}}}""", "$.linux.resources.blockIO.weight", "65535")]
    [InlineData("""{"linux":{"resources":{"devices":[{"access":"r"}]}}}""", "$.linux.resources.devices[0].allow", "missing")]
    [InlineData("""{"linux":{"resources":{"memory":{"limit":9223372036854775808}}}}""", "$.linux.resources.memory.limit", "9223372036854775807")]
    [InlineData("""{"hostname":"a\u0000b"}""", "$.hostname", "NUL")]
    [InlineData("""{"hostname":"\ud800"}""", "$.hostname", "surrogate")]
    [InlineData("""{"annotations":{"\ud800":"x"}}""", "$.annotations", "surrogate")]
    [InlineData("""{"linux":{"sysctl":{"net.a\u0000b":"x"}}}""", "$.linux.sysctl[\"net.a\\u0000b\"]", "NUL")]
    public void Wrong_values_are_named_by_path(string json, string path, string problem)
    {
        SpecReadResult result = Config.Read(json);

        Assert.NotNull(result.Spec);
        ConfigMistake mistake = result.Mistakes[0];
        Assert.Equal(path, mistake.JsonPath);
        Assert.Contains(problem, mistake.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_point_at_the_value()
    {
        SpecReadResult result = Config.Read("""
            {
              "process": {
                "user": { "uid": "0",
                          "gid": -1 },
                "args": [ "ä", 5 ]
              }
            }
            """);

        Assert.Equal([new TextPosition(3, 22), new TextPosition(4, 22), new TextPosition(5, 20)], result.Mistakes.Select(m => m.Position!.Value));
    }

    [Fact]
    public void A_missing_value_has_the_position_of_its_object()
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.With("\n\"mounts\":[{\"destination\":\"/a\",\"type\":\"ext4\",\"source\":\"x\",\"uidMappings\":[{\"containerID\":0,\"size\":1}],\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]}]"));
        Assert.Equal("$.mounts[0].uidMappings[0].hostID", mistake.JsonPath);
        Assert.Equal(2, mistake.Position!.Value.Line);
    }

    [Theory]
    [InlineData("""{"ociVersion":"1.2.0","ociVersion":"1.2.0"}""", "$.ociVersion")]
    [InlineData("""{"process":{"args":["a"],"\u0061rgs":["b"]}}""", "$.process.args")]
    [InlineData("""{"annotations":{"a":"1","a":"2"}}""", "$.annotations.a")]
    [InlineData("""{"unknown":{"x":[{"a":1,"a":1}]}}""", "$.unknown.x[0].a")]
    [InlineData("""{"mounts":{"a":1,"a":1}}""", "$.mounts.a")]
    [InlineData("""{"root":null,"root":{"path":"/"}}""", "$.root")]
    public void Duplicate_names_are_refused(string json, string path) =>
        Assert.Contains(Config.Read(json).Mistakes, m => m.JsonPath == path && m.Problem.Contains("twice", StringComparison.Ordinal));

    [Fact]
    public void A_duplicate_has_the_position_of_the_second_one()
    {
        ConfigMistake mistake = Assert.Single(Config.Read("{\"hostname\":\"a\",\n\"hostname\":\"b\"}").Mistakes);
        Assert.Equal(new TextPosition(2, 12), mistake.Position);
    }

    [Fact]
    public void Duplicates_are_found_in_large_objects_too()
    {
        // Comparing each name with each other one would take minutes here.
        StringBuilder json = new("{\"annotations\":{");
        for (int i = 0; i < 200_000; i++)
        {
            json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"a{i}\":\"\",");
        }

        json.Append("\"a7\":\"\"}}");
        ConfigMistake mistake = Assert.Single(Config.Read(json.ToString()).Mistakes);
        Assert.Equal("$.annotations.a7", mistake.JsonPath);
    }

    [Fact]
    public void A_hostile_number_of_mistakes_is_cut()
    {
        string json = "{\"process\":{\"args\":[" + string.Join(',', Enumerable.Repeat("1", 1_000_000)) + "]}}";
        Assert.Equal(1000, Config.Read(json).Mistakes.Count);
    }

    [Theory]
    [InlineData("""{"linux":{"uidMapping":[]}}""", "$.linux.uidMapping", "uidMappings")]
    [InlineData("""{"OciVersion":"1.2.0"}""", "$.OciVersion", "ociVersion")]
    [InlineData("""{"process":{"noNewPriviliges":true}}""", "$.process.noNewPriviliges", "noNewPrivileges")]
    [InlineData("""{"process":{"agrs":[]}}""", "$.process.agrs", "args")]
    [InlineData("""{"linux":{"seccomp":{"syscalls":[{"name":["x"]}]}}}""", "$.linux.seccomp.syscalls[0].name", "names")]
    public void Misspelt_names_are_warned_of(string json, string path, string meant)
    {
        SpecReadResult result = Config.Read(json);
        ConfigMistake warning = Assert.Single(result.Warnings);
        Assert.Equal(path, warning.JsonPath);
        Assert.Equal($"did you mean \"{meant}\"?", warning.Fix);
        Assert.NotNull(warning.Position);
    }

    [Theory]
    [InlineData("""{"windows":{"x":1},"solaris":{},"vm":{},"zos":{},"freebsd":{}}""")]
    [InlineData("""{"process":{"commandLine":"x","user":{"uid":0,"gid":0,"username":"x"}}}""")]
    [InlineData("""{"x-extension":{"anything":[1,2,{"deep":null}]}}""")]
    public void Other_unknown_names_are_ignored(string json)
    {
        SpecReadResult result = Config.Read(json);
        Assert.Empty(result.Mistakes);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Null_is_unset()
    {
        SpecReadResult result = Config.Read(Config.With("""
            "root":null,"hostname":null,"mounts":null,"linux":{"seccomp":null,"sysctl":null,"resources":{"pids":{"limit":null}}},"hooks":null
            """));
        Assert.Empty(result.Mistakes);
        Assert.Null(result.Spec!.Root);
        Assert.Empty(result.Spec.Mounts);
        Assert.Null(result.Spec.Linux!.Resources!.Pids!.Limit);
    }

    [Fact]
    public void Terminal_control_characters_of_the_file_do_not_reach_a_message()
    {
        SpecReadResult result = Config.Read("""{"annotations":{"\u001b[2J\u202e":1}}""");
        Assert.DoesNotContain(Assert.Single(result.Mistakes).ToString(), c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public void Eight_mistakes_are_all_listed_with_their_paths()
    {
        SpecReadResult result = Config.ReadAndValidate("""
            {
              "ociVersion": "2.0.0",
              "process": {
                "user": { "uid": -1, "gid": 0 },
                "args": "id",
                "cwd": "root",
                "rlimits": [ { "type": "RLIMIT_FILES", "soft": 2, "hard": 1 } ]
              },
              "hostname": "web",
              "mounts": [
                { "destination": "/data", "source": "/srv", "options": ["rbind", "rdonly"] }
              ],
              "linux": {
                "namespaces": [ { "type": "net" } ],
                "uidMapping": []
              }
            }
            """);

        Assert.Equal(
            [
                "$.ociVersion", "$.process.user.uid", "$.process.args", "$.process.cwd", "$.process.rlimits[0].type",
                "$.process.rlimits[0].soft", "$.hostname", "$.mounts[0].options[1]", "$.linux.namespaces[0].type",
            ],
            result.Mistakes.Select(m => m.JsonPath));
        Assert.All(result.Mistakes, m => Assert.NotNull(m.Position));
        Assert.Equal("$.linux.uidMapping", Assert.Single(result.Warnings).JsonPath);
    }

    [Fact]
    public void What_follows_from_an_unreadable_value_is_not_reported_again()
    {
        // args is unset after the wrong type; "there is no command" would be noise.
        ConfigMistake mistake = Config.OnlyMistake("""{"ociVersion":"1.2.0","process":{"user":{"uid":0,"gid":0},"args":"id","cwd":"/"}}""");
        Assert.Equal("put it in [ ]", mistake.Fix);
    }

    [Fact]
    public void Overrides_win_before_the_check()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"ociVersion":"1.2.0","process":{"args":[],"cwd":"/"}}""");
        Assert.Equal("$.process.args", Assert.Single(SpecReader.ReadAndValidate(json, "c").Mistakes).JsonPath);
        SpecReadResult result = SpecReader.ReadAndValidate(json, "c", spec => spec with { Process = spec.Process! with { Args = ["id"] } });
        Assert.Empty(result.Mistakes);
        Assert.Equal(["id"], result.Spec!.Process!.Args);
    }
}
