using Csrun.Linux.Abi;
using Csrun.Plan.Features;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Features;

public sealed class SupportedFeaturesTests
{
    private static readonly SupportedFeatures s_features = SupportedFeatures.Find();

    [Fact]
    public void What_the_plan_does_is_listed_and_nothing_else()
    {
        Assert.Equal(["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"], s_features.Hooks);
        Assert.Equal(s_features.Namespaces.Order(StringComparer.Ordinal), s_features.Namespaces);
        Assert.All(s_features.Namespaces, type => Assert.NotEqual(default, NamespaceFlags.Of(type)));
        Assert.Equal(8, s_features.Namespaces.Count);
        Assert.Equal(CapabilityNames.All, s_features.Capabilities);
        Assert.Equal(7, s_features.SeccompOperators.Count);
        Assert.Equal(["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], s_features.SeccompSupportedFlags);
        Assert.Equal(s_features.SeccompKnownFlags, s_features.SeccompSupportedFlags);
        Assert.Superset(new HashSet<string>(["SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_RISCV64"]), new HashSet<string>(s_features.SeccompArchitectures));
        Assert.Superset(new HashSet<string>(["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"]), new HashSet<string>(s_features.SeccompActions));
    }

    [Fact]
    public void Mount_options_are_those_of_the_mount_and_not_of_one_file_system()
    {
        Assert.Superset(
            new HashSet<string>(["bind", "rbind", "ro", "rro", "nosuid", "noatime", "rnoatime", "rslave", "idmap", "ridmap", "sync", "lazytime", "defaults", "rrw", "remount", "tmpcopyup"]),
            new HashSet<string>(s_features.MountOptions));
        Assert.All((string[])["size=1", "mode=755"], option => Assert.DoesNotContain(option, s_features.MountOptions));
        // A word that is taken for an option of the file system would not do what it says.
        Assert.All(s_features.MountOptions.Except(["sync", "dirsync", "lazytime", "mand", "tmpcopyup"]), option => Assert.Empty(MountOptions.Parse([option], "tmpfs").Data));
    }

    [Fact]
    public void What_is_refused_is_not_claimed()
    {
        Assert.False(s_features.IntelRdt);
        Assert.True(s_features.Rdma);
        Assert.True(s_features.IdMappedMounts);
    }
}
