using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

/// <summary>csrun explain-report on the command line.</summary>
public sealed class ExplainReportTests
{
    [Fact]
    public void It_is_a_run_with_a_report()
    {
        RunRequest request = Cli.Run("explain-report", "--html", "r.html", "--userns", "keep-id", "--break", "seccomp", "alpine", "id", "--force").Request!;

        Assert.Equal(new ReportRequest("r.html", Replace: false, Planned: false), request.Report);
        Assert.Equal("alpine", request.Image);
        Assert.Equal(["id", "--force"], request.Command);
        Assert.Equal("keep-id", request.Userns);
        Assert.Equal(["seccomp"], request.Break);
        Assert.True(request.IsWatched);
        Assert.Equal(new ReportRequest("r.html", Replace: true, Planned: true), Cli.Run("explain-report", "--planned", "--html=r.html", "-f", "--rootfs", "x").Request!.Report);
    }

    [Theory]
    [InlineData("explain-report|alpine", "no file is named")]
    [InlineData("explain-report|--html|r.html", "no image is named")]
    [InlineData("explain-report|--html|r.html|--explain|alpine", "--explain")]
    [InlineData("explain-report|--html|r.html|--step|alpine", "--step")]
    [InlineData("explain-report|--html|r.html|-d|alpine", "-d")]
    public void Mistakes_are_named(string argv, string text)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.Request);
        Assert.Contains(text, cli.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("idmap|translate|--svg|5", "svg")]
    [InlineData("idmap|translate|5", "draw=False")]
    public void Translate_can_draw_as_svg(string argv, string asked) => Assert.EndsWith(asked, Cli.Run(argv.Split('|')).Asked, StringComparison.Ordinal);

    [Fact]
    public void Two_forms_of_a_translation_are_one_too_many() =>
        Assert.Contains("more than one of --draw, --svg and --json", Cli.Run("idmap", "translate", "--svg", "--json", "5").Stderr, StringComparison.Ordinal);
}
