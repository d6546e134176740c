namespace Csrun.Cli.Tests;

/// <summary>--step and --break on the command line.</summary>
public sealed class StepOptionTests
{
    [Fact]
    public void They_reach_the_request()
    {
        Csrun.Plan.Requests.RunRequest request = Cli.Run("run", "--step", "--break", "8", "--break=seccomp", "alpine", "--step").Request!;

        Assert.True(request.Step);
        Assert.True(request.IsWatched);
        Assert.Equal(["8", "seccomp"], request.Break);
        Assert.Equal(["--step"], request.Command);
        Assert.False(Cli.Run("run", "alpine").Request!.IsWatched);
    }

    [Theory]
    [InlineData("run|--step|-d|alpine", "--step and --detach")]
    [InlineData("run|--step|--explain|alpine", "--step and --explain")]
    [InlineData("run|--step|--trace=json|alpine", "--step and --trace=json")]
    [InlineData("run|--break|", "no image is named|needs a value|is empty")]
    [InlineData("run|--break|8|--explain=sh|alpine", "--break and --explain=sh")]
    [InlineData("run|--break=|alpine", "the value is empty")]
    public void Contradictions_are_named(string argv, string text)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.Request);
        Assert.Matches(text, cli.Stderr);
    }
}
