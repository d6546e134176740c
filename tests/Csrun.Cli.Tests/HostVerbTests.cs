using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

/// <summary>The command lines of the verbs about this host.</summary>
public sealed class HostVerbTests
{
    [Theory]
    [InlineData("unshare", "")]
    [InlineData("unshare|id|-u|--help", "id|-u|--help")]
    [InlineData("unshare|--|id|-u", "id|-u")]
    [InlineData("unshare|--no-map|--|sh|--no-map", "sh|--no-map")]
    [InlineData("unshare|--|--odd-name", "--odd-name")]
    public void Options_of_unshare_end_at_the_first_word(string argv, string command)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal(43, cli.ExitCode);
        Assert.Equal(command, string.Join('|', cli.UnshareRequest!.Command));
    }

    [Fact]
    public void Unshare_takes_the_maps_that_run_takes()
    {
        UnshareRequest request = Cli.Run("unshare", "--uidmap", "0:1:2", "--uidmap=5:6:7", "--gidmap", "1:2:3", "--userns", "private", "--explain=strace", "id").UnshareRequest!;

        Assert.Equal(["0:1:2", "5:6:7"], request.UidMaps);
        Assert.Equal(["1:2:3"], request.GidMaps);
        Assert.Equal("private", request.Userns);
        Assert.Equal(ExplainFormat.Strace, request.Explain);
        Assert.False(request.NoMap);
        Assert.True(Cli.Run("unshare", "--no-map").UnshareRequest!.NoMap);
    }

    [Theory]
    [InlineData("rm-tree|a|b", "rm-tree [a b]")]
    [InlineData("rm-tree|--|-a", "rm-tree [-a]")]
    [InlineData("doctor", "doctor json=False")]
    [InlineData("doctor|--json", "doctor json=True")]
    [InlineData("chown-back|a", "chown-back [a] crossMounts=False")]
    [InlineData("chown-back|a|--cross-mounts", "chown-back [a] crossMounts=True")]
    public void Verbs_about_the_host_reach_the_engine(string argv, string asked)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal("", cli.Stderr);
        Assert.Equal(asked, cli.Asked);
    }

    [Theory]
    [InlineData("rm-tree", "PATH...")]
    [InlineData("chown-back", "PATH...")]
    [InlineData("doctor|x", "one word too many")]
    [InlineData("unshare|--no-map|--uidmap|0:1:1", "--no-map and --uidmap")]
    [InlineData("unshare|--no-map|--userns|keep-id|id", "--no-map and --userns")]
    [InlineData("unshare|--nomap", "close to it: --no-map")]
    [InlineData("unshare|--explain=picture", "prose, strace")]
    public void Mistakes_are_named(string argv, string text)
    {
        Cli cli = Cli.Run(argv.Split('|'));

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.UnshareRequest);
        Assert.Null(cli.Asked);
        Assert.Contains(text, cli.Stderr, StringComparison.Ordinal);
    }
}
