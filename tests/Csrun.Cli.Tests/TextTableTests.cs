using Csrun.Engine;
using Csrun.Terminal;

namespace Csrun.Cli.Tests;

/// <summary>Tables of ps, list, top and stats.</summary>
public sealed class TextTableTests
{
    [Fact]
    public void A_column_is_as_wide_as_its_longest_cell() =>
        Assert.Equal("ID     NAME\nab     x\nabcde  a long last one\n", TextTable.Of([["ID", "NAME"], ["ab", "x"], ["abcde", "a long last one"]]));

    [Fact]
    public void List_has_runcs_widths() =>
        Assert.Equal("ID          PID             OWNER\na           1               root\nb           1234567890123   nobody\n", TextTable.Of([["ID", "PID", "OWNER"], ["a", "1", "root"], ["b", "1234567890123", "nobody"]], gap: 3, least: 12));

    [Fact]
    public void No_control_character_reaches_the_terminal() =>
        Assert.Equal("A     B\n\\x1b  \\x0a\n", TextTable.Of([["A", "B"], ["\x1b", "\n"]]));

    [Theory]
    [InlineData(60, 60)]
    [InlineData(61, 63)]
    public void A_long_text_is_cut(int length, int shown)
    {
        string text = Printable.Short(new string('x', length));
        Assert.Equal(shown, text.Length);
        Assert.Equal(length != shown, text.EndsWith("...", StringComparison.Ordinal));
    }
}
