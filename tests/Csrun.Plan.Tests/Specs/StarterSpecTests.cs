using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Tests.Specs;

public sealed class StarterSpecTests
{
    public static TheoryData<Spec> Both => [StarterSpec.ForRoot(unified: true), StarterSpec.Rootless(1001, 1002, unified: true), StarterSpec.ForRoot(unified: false)];

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
        LinuxConfig linux = StarterSpec.Rootless(1001, 1002, unified: true).Linux!;
        Assert.Equal([new LinuxIdMapping(0, 1001, 1)], linux.UidMappings);
        Assert.Equal([new LinuxIdMapping(0, 1002, 1)], linux.GidMappings);
        Assert.Contains(linux.Namespaces, n => n.Type == "user");
        Assert.DoesNotContain(linux.Namespaces, n => n.Type == "network");
        Assert.Null(linux.Resources);
        Assert.All(StarterSpec.Rootless(1001, 1002, unified: true).Mounts, mount => Assert.DoesNotContain(mount.Options, o => o.StartsWith("gid=", StringComparison.Ordinal)));
        Assert.Contains(StarterSpec.Rootless(1001, 1002, unified: true).Mounts, mount => mount is { Destination: "/sys", Source: "/sys" } && mount.Options.Contains("rbind") && mount.Options.Contains("ro"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cgroup_namespace_is_for_hosts_with_version_2_alone(bool unified) =>
        Assert.All([StarterSpec.ForRoot(unified), StarterSpec.Rootless(1001, 1002, unified)], spec => Assert.Equal(unified, spec.Linux!.Namespaces.Any(n => n.Type == "cgroup")));
}
