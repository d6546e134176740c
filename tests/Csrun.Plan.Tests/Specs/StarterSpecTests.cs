using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Specs;

public sealed class StarterSpecTests
{
    public static TheoryData<Spec> Both => [StarterSpec.ForRoot(), StarterSpec.Rootless(1001, 1002)];

    [Theory]
    [MemberData(nameof(Both))]
    public void It_has_no_mistake_asks_for_nothing_that_is_refused_and_survives_writing(Spec spec)
    {
        List<ConfigMistake> warnings = [];
        Assert.Empty(SpecValidator.Validate(spec, warnings));
        Assert.Empty(warnings);
        Assert.Empty(UnsupportedFeatures.Find(spec, bundle: true));
        Assert.Empty(UnsupportedFeatures.Find(spec));
        byte[] json = SpecWriter.Write(spec);
        Assert.Equal(json, SpecWriter.Write(SpecReader.Read(json, "config.json").Spec!));
    }

    [Fact]
    public void An_ordinary_users_has_nothing_that_such_a_user_may_not_have()
    {
        LinuxConfig linux = StarterSpec.Rootless(1001, 1002).Linux!;
        Assert.Equal([new LinuxIdMapping(0, 1001, 1)], linux.UidMappings);
        Assert.Equal([new LinuxIdMapping(0, 1002, 1)], linux.GidMappings);
        Assert.Contains(linux.Namespaces, n => n.Type == "user");
        Assert.DoesNotContain(linux.Namespaces, n => n.Type == "network");
        Assert.Null(linux.Resources);
        Assert.All(StarterSpec.Rootless(1001, 1002).Mounts, mount => Assert.DoesNotContain(mount.Options, o => o.StartsWith("gid=", StringComparison.Ordinal)));
        Assert.Contains(StarterSpec.Rootless(1001, 1002).Mounts, mount => mount is { Destination: "/sys", Source: "/sys" } && mount.Options.Contains("rbind") && mount.Options.Contains("ro"));
    }
}
