using Csrun.Linux;
using Csrun.Plan.Identity;

namespace Csrun.Plan.Tests.Identity;

public sealed class UsernsModeTests
{
    [Theory]
    [InlineData("host", UsernsKind.Host)]
    [InlineData("private", UsernsKind.Private)]
    [InlineData("auto", UsernsKind.Auto)]
    [InlineData("nomap", UsernsKind.NoMap)]
    [InlineData("keep-id", UsernsKind.KeepId)]
    [InlineData("keep-id:uid=200", UsernsKind.KeepId)]
    [InlineData("keep-id:gid=210", UsernsKind.KeepId)]
    [InlineData("keep-id:uid=200,gid=210", UsernsKind.KeepId)]
    [InlineData("map=0:1000:1,1:100000:65536", UsernsKind.Map)]
    [InlineData("container:web", UsernsKind.Container)]
    [InlineData("ns:/proc/1/ns/user", UsernsKind.Path)]
    public void Every_mode_of_the_contract_is_read_and_written_back(string text, UsernsKind kind)
    {
        UsernsMode mode = UsernsMode.Parse(text);
        Assert.Equal(kind, mode.Kind);
        Assert.Equal(text, mode.ToString());
    }

    [Fact]
    public void The_parameters_are_read()
    {
        Assert.Equal((200u, 210u), (UsernsMode.Parse("keep-id:gid=210,uid=200").KeepUid, UsernsMode.Parse("keep-id:gid=210,uid=200").KeepGid));
        Assert.Null(UsernsMode.Parse("keep-id:uid=0").KeepGid);
        Assert.Equal("/a:b", UsernsMode.Parse("ns:/a:b").Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host")]
    [InlineData("keepid")]
    [InlineData("keep-id:")]
    [InlineData("keep-id:uid=")]
    [InlineData("keep-id:uid=-1")]
    [InlineData("keep-id:uid=4294967295")]
    [InlineData("keep-id:uid=1,uid=2")]
    [InlineData("keep-id:uid=1,,gid=2")]
    [InlineData("keep-id:pid=1")]
    [InlineData("keep-id=1")]
    [InlineData("map=")]
    [InlineData("map=0:1")]
    [InlineData("map")]
    [InlineData("container:")]
    [InlineData("ns:")]
    [InlineData("nomap:1")]
    public void Anything_else_is_refused(string text)
    {
        CsrunException e = Assert.Throws<CsrunException>(() => UsernsMode.Parse(text));
        Assert.StartsWith("--userns", e.Message, StringComparison.Ordinal);
        Assert.Equal(125, e.ExitCode);
    }

    [Fact]
    public void A_misspelt_mode_is_told_the_close_one() =>
        Assert.Equal("close to it: keep-id", Assert.Throws<CsrunException>(() => UsernsMode.Parse("keepid")).Why);
}
