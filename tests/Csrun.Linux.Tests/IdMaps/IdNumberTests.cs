using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Tests.IdMaps;

public sealed class IdNumberTests
{
    [Theory]
    [InlineData("0", 0u)]
    [InlineData("1000", 1000u)]
    [InlineData("0010", 10u)]
    [InlineData("4294967294", 4294967294u)]
    public void Digits_are_read(string text, uint expected)
    {
        Assert.True(IdNumber.TryParse(text, out uint id));
        Assert.Equal(expected, id);
        Assert.True(IdNumber.TryParse(Encoding.UTF8.GetBytes(text), out id));
        Assert.Equal(expected, id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("0x1")]
    [InlineData("1e3")]
    [InlineData("1_000")]
    [InlineData("1.0")]
    [InlineData("١")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709552616")]
    [InlineData("99999999999999999999999999999999999999")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(IdNumber.TryParse(text, out _));
        Assert.False(IdNumber.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }
}
