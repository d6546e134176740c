using Csrun.Linux;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Tests.Requests;

public sealed class EnvFileTests
{
    private static string? Caller(string name) => name == "HELD" ? "h" : null;

    [Theory]
    [InlineData("", "")]
    [InlineData("A=1\nB=2\n", "A=1|B=2")]
    [InlineData("A=1\r\nB=2", "A=1|B=2")]
    [InlineData("# note\n\n  # indented note\nA=1", "A=1")]
    [InlineData("  A=1", "A=1")]
    [InlineData("A= 1 # kept ", "A= 1 # kept ")]
    [InlineData("A=\"quoted\"", "A=\"quoted\"")]
    [InlineData("A=b=c", "A=b=c")]
    [InlineData("A=", "A=")]
    [InlineData("HELD", "HELD=h")]
    [InlineData("NOT_HELD\nA=1", "A=1")]
    [InlineData("\uFEFFA=1", "A=1")]
    [InlineData("a.b-c=1", "a.b-c=1")]
    public void Reads(string content, string expected) => Assert.Equal(expected, string.Join('|', EnvFile.Parse(content, "f", Caller)));

    [Theory]
    [InlineData("A=1\n=2", "line 2", "no name")]
    [InlineData("A B=1", "line 1", "contains a space")]
    [InlineData("A =1", "line 1", "contains a space")]
    [InlineData("export A=1", "line 1", "contains a space")]
    [InlineData("A=1\0", "line 1", "zero byte")]
    public void Refuses(string content, string where, string why)
    {
        CsrunException error = Assert.Throws<CsrunException>(() => EnvFile.Parse(content, "my.env", Caller));

        Assert.Contains("\"my.env\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void One_variable_alone()
    {
        Assert.Equal("HELD=h", EnvEntry.Resolve("HELD", Caller));
        Assert.Equal("NOT_HELD", EnvEntry.Resolve("NOT_HELD", Caller));
        Assert.Equal("HELD=mine", EnvEntry.Resolve("HELD=mine", Caller));
        Assert.Throws<CsrunException>(() => EnvEntry.Resolve("=x", Caller));
        Assert.Throws<CsrunException>(() => EnvEntry.Resolve("", Caller));
    }
}
