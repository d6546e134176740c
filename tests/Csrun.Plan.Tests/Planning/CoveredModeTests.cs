using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Plan.Tests.Planning;

/// <summary>The mode of a tmpfs that has none of its own.</summary>
public sealed class CoveredModeTests
{
    [Theory]
    [InlineData("/run", "755")]
    [InlineData("/tmp", "1777")]
    [InlineData("/none", null)]
    public void Is_that_of_the_directory_that_it_covers(string destination, string? mode) => Assert.Equal(mode, Mode(destination, "size=1m", "nosuid"));

    [Fact]
    public void Is_the_configurations_where_that_says_one() => Assert.Equal("0700", Mode("/run", "mode=0700"));

    [Fact]
    public void Is_no_option_of_another_file_system()
    {
        LaunchRequest request = Covering(new Mount { Destination = "/run", Type = "mqueue", Source = "mqueue" });
        Assert.DoesNotContain(Made(request, "mqueue").SelectMany(one => one.Options), o => o.Key == "mode");
    }

    private static string? Mode(string destination, params string[] options) =>
        Made(Covering(new Mount { Destination = destination, Type = "tmpfs", Source = "asked", Options = options }), "tmpfs").Single(one => one.Source == "asked").Options.SingleOrDefault(o => o.Key == "mode").Value;

    private static LaunchRequest Covering(Mount mount) =>
        LaunchRequests.Mounts(LaunchRequests.Default, mount) with { CoveredModes = new Dictionary<string, uint> { ["/run"] = 0x1ed, ["/tmp"] = 0x3ff } };

    private static IEnumerable<NewFilesystemOp> Made(LaunchRequest request, string type) =>
        LaunchPlanner.Plan(request).Steps.OfType<ChildStep>().Select(s => s.Op).OfType<NewFilesystemOp>().Where(one => one.Type == type);
}
