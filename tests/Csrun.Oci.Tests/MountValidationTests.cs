namespace Csrun.Oci.Tests;

/// <summary>config.md, "Mounts".</summary>
public sealed class MountValidationTests
{
    private static readonly Mount s_bind = new() { Destination = "/data", Source = "/srv", Options = ["rbind"] };
    private static readonly Mount s_tmpfs = new() { Destination = "/tmp", Type = "tmpfs", Source = "tmpfs" };
    private static readonly IReadOnlyList<LinuxIdMapping> s_map = [new(0, 100000, 65536)];

    [Theory]
    [InlineData("/data/../etc")]
    [InlineData("/..")]
    [InlineData("data")]
    [InlineData("")]
    [InlineData("/a\0b")]
    public void Destinations_are_absolute_without_parent_components(string destination) =>
        Assert.Equal("$.mounts[0].destination", Config.OnlyMistake(Config.WithMount(s_bind with { Destination = destination })).JsonPath);

    [Fact]
    public void A_relative_destination_with_parents_has_both_mistakes() =>
        Assert.Equal(2, SpecValidator.Validate(Config.WithMount(s_bind with { Destination = "../etc" })).Count);

    [Theory]
    [InlineData("/..data")]
    [InlineData("/a..b/...")]
    public void Dots_inside_names_are_no_parents(string destination) =>
        Assert.Empty(SpecValidator.Validate(Config.WithMount(s_bind with { Destination = destination })));

    [Fact]
    public void Bind_mounts_need_a_source_and_others_a_type()
    {
        Assert.Equal("$.mounts[0].source", Config.OnlyMistake(Config.WithMount(s_bind with { Source = null })).JsonPath);
        Assert.Equal("$.mounts[0].source", Config.OnlyMistake(Config.WithMount(new Mount { Destination = "/a", Type = "bind" })).JsonPath);
        Assert.Equal("$.mounts[0].type", Config.OnlyMistake(Config.WithMount(s_bind with { Options = ["ro"] })).JsonPath);
        Assert.Equal("$.mounts[0].type", Config.OnlyMistake(Config.WithMount(s_bind with { Type = "none", Options = [] })).JsonPath);
        Assert.Empty(SpecValidator.Validate(Config.WithMount(s_tmpfs with { Source = null })));
    }

    [Fact]
    public void Every_option_of_the_specification_is_known()
    {
        string[] options =
        [
            "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime", "loud", "mand",
            "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime",
            "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec",
            "rnoatime", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
            "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow",
            "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup",
            "unbindable", "idmap", "ridmap",
        ];
        foreach (string option in options)
        {
            Spec spec = Config.WithMount(s_bind with { Type = "bind", Options = [option], UidMappings = s_map, GidMappings = s_map });
            Assert.Empty(SpecValidator.Validate(spec));
        }
    }

    [Theory]
    [InlineData("rdonly", null)]
    [InlineData("nosiud", "did you mean \"nosuid\"?")]
    [InlineData("RO", "did you mean \"ro\"?")]
    [InlineData("ro,nosuid", "write each option as a string of its own")]
    [InlineData("sise=5m", "did you mean \"size=\"?")]
    [InlineData("", "remove it")]
    public void Unknown_options_of_bind_mounts_are_mistakes(string option, string? fix)
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.WithMount(s_bind with { Options = ["rbind", option] }));
        Assert.Equal("$.mounts[0].options[1]", mistake.JsonPath);
        Assert.Equal(fix, mistake.Fix);
    }

    [Theory]
    [InlineData("tmpfs", "size=64m", true)]
    [InlineData("tmpfs", "mode=1777", true)]
    [InlineData("tmpfs", "noswap", true)]
    [InlineData("tmpfs", "hidepid=2", false)]
    [InlineData("tmpfs", "sise=64m", false)]
    [InlineData("tmpfs", "size", false)]
    [InlineData("proc", "hidepid=2", true)]
    [InlineData("proc", "subset=pid", true)]
    [InlineData("devpts", "ptmxmode=0666", true)]
    [InlineData("devpts", "newinstance", true)]
    [InlineData("sysfs", "mode=755", false)]
    [InlineData("cgroup2", "nsdelegate", true)]
    [InlineData("ext4", "data=journal", true)]
    [InlineData("overlay", "lowerdir=/a:/b", true)]
    [InlineData("tmpfs", "context=\"a:b:c\"", true)]
    public void Options_of_file_systems_are_theirs(string type, string option, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithMount(s_tmpfs with { Type = type, Options = [option] })).Count == 0);

    [Theory]
    [InlineData("mode=755", true)]
    [InlineData("size=1k", true)]
    [InlineData("sise=1k", false)]
    [InlineData("hidepid=2", false)]
    public void A_bind_mount_takes_sizes_and_modes_as_mount_2_does(string option, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithMount(s_bind with { Options = ["rbind", option] })).Count == 0);

    [Fact]
    public void A_misspelt_data_option_is_corrected() =>
        Assert.Equal("did you mean \"size=\"?", Config.OnlyMistake(Config.WithMount(s_tmpfs with { Options = ["sise=64m"] })).Fix);

    [Theory]
    [InlineData("ro", "rw")]
    [InlineData("suid", "nosuid")]
    [InlineData("nodev", "dev")]
    [InlineData("rnoexec", "rexec")]
    [InlineData("rro", "rrw")]
    [InlineData("idmap", "ridmap")]
    [InlineData("bind", "rbind")]
    [InlineData("async", "sync")]
    public void Options_that_cancel_each_other_out_are_mistakes(string first, string second)
    {
        ConfigMistake mistake = Config.OnlyMistake(Config.WithMount(
            s_bind with { Type = "bind", Options = [first, "nosymfollow", second], UidMappings = s_map, GidMappings = s_map }));
        Assert.Equal("$.mounts[0].options[2]", mistake.JsonPath);
        Assert.Contains("options[0]", mistake.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_and_recursive_options_do_not_contradict() =>
        Assert.Empty(SpecValidator.Validate(Config.WithMount(s_bind with { Options = ["rbind", "rro", "rw", "slave", "shared", "nosuid", "nosuid"] })));

    [Fact]
    public void Mappings_come_in_pairs_and_want_the_option()
    {
        Assert.Equal("$.mounts[0].gidMappings", Config.OnlyMistake(Config.WithMount(s_bind with { Options = ["rbind", "idmap"], UidMappings = s_map })).JsonPath);
        Assert.Equal("$.mounts[0].uidMappings", Config.OnlyMistake(Config.WithMount(s_bind with { Options = ["rbind", "idmap"], GidMappings = s_map })).JsonPath);
        List<ConfigMistake> warnings = [];
        Assert.Empty(SpecValidator.Validate(Config.WithMount(s_bind with { UidMappings = s_map, GidMappings = s_map }), warnings));
        Assert.Equal("$.mounts[0].options", Assert.Single(warnings).JsonPath);
    }

    [Fact]
    public void An_ID_mapped_mount_needs_mappings_from_somewhere()
    {
        Mount idmap = s_bind with { Options = ["rbind", "idmap"] };
        Assert.Equal("$.mounts[0].options[1]", Config.OnlyMistake(Config.WithMount(idmap)).JsonPath);
        Assert.Empty(SpecValidator.Validate(Config.WithMount(idmap) with { Linux = new LinuxConfig { Namespaces = Config.Namespaces("user") } }));
        Assert.Empty(SpecValidator.Validate(Config.WithMount(idmap with { UidMappings = s_map, GidMappings = s_map })));
    }

    [Fact]
    public void Mappings_of_a_mount_are_checked_like_those_of_the_namespace() =>
        Assert.Equal("$.mounts[0].gidMappings[1].containerID", Config.OnlyMistake(Config.WithMount(
            s_bind with { Options = ["rbind", "idmap"], UidMappings = s_map, GidMappings = [new(0, 0, 10), new(9, 20, 1)] })).JsonPath);

    [Theory]
    [InlineData("idmap=uids=0-100000-65536;gids=0-100000-65536", true)]
    [InlineData("ridmap=uids=0-1-1#5-6-7;gids=0-1-1", true)]
    [InlineData("idmap=uids=@0-1000-1#5-6-7;gids=@0-1-1", true)]
    [InlineData("idmap=uids=@@0-1-1;gids=0-1-1", false)]
    [InlineData("idmap=uids=@;gids=0-1-1", false)]
    [InlineData("idmap=uids=0-1-1;uids=1-2-1;gids=0-1-1", false)]
    [InlineData("idmap=uids=0-1-1;gids=0-1-1#", false)]
    [InlineData("idmap=uids=0-1-1", false)]
    [InlineData("idmap=", false)]
    [InlineData("idmap=uids=0-1;gids=0-1-1", false)]
    [InlineData("idmap=uids=0-1-1-1;gids=0-1-1", false)]
    [InlineData("idmap=uids=0-1-0;gids=0-1-1", false)]
    [InlineData("idmap=uids=0-1-4294967296;gids=0-1-1", false)]
    [InlineData("idmap=uids=+0-1-1;gids=0-1-1", false)]
    [InlineData("idmap=both=0-1-1", false)]
    public void Ranges_in_the_option_are_read(string option, bool good) =>
        Assert.Equal(good, SpecValidator.Validate(Config.WithMount(s_bind with { Options = ["rbind", option] })).Count == 0);

    [Fact]
    public void The_path_names_the_mount() =>
        Assert.Equal("$.mounts[2].options[1]", Config.OnlyMistake(Config.MinimalSpec with
        {
            Mounts = [s_tmpfs, s_bind, s_bind with { Options = ["rbind", "x-what"] }],
        }).JsonPath);
}
