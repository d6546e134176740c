using Csrun.Labs.Reporting;

namespace Csrun.Labs.Tests;

/// <summary>A comparison that lets everything pass would make every lab green.</summary>
public sealed class OutputPatternTests
{
    [Theory]
    [InlineData("0 100000 65536", "         0     100000      65536")]
    [InlineData("-rw-r----- 1 100000 100042 * ...", "-rw-r----- 1 100000 100042 422 Nov 11 18:03 /mnt/etc/shadow")]
    [InlineData("*,idmapped*", "rw,relatime,idmapped")]
    [InlineData("a*b*c", "a--b--c")]
    [InlineData("...", "anything at all")]
    [InlineData("total ...", "total")]
    [InlineData("", "")]
    public void It_matches(string pattern, string line) => Assert.True(OutputPattern.Matches(pattern, line));

    [Theory]
    [InlineData("0 100000 65536", "0 100000 65537")]
    [InlineData("0 100000 65536", "0 100000 65536 1")]
    [InlineData("0 100000 65536", "0 100000")]
    [InlineData("-rw-r----- 1 100000 100042 * ...", "-rw-r----- 1 100000 100043 422 Nov 11 18:03 /mnt/etc/shadow")]
    [InlineData("ab*bc", "abc")]
    [InlineData("a*b*c", "a--c--b")]
    [InlineData("*x", "y")]
    [InlineData("*", "")]
    [InlineData("A", "a")]
    [InlineData("a b ...", "a")]
    public void It_does_not_match(string pattern, string line) => Assert.False(OutputPattern.Matches(pattern, line));

    [Theory]
    [InlineData("a\nb", "a\nb\n", " a| b")]
    [InlineData("a\nb", "a\n", " a|-b")]
    [InlineData("a\nb", "a\nx\nb", " a|+x| b")]
    [InlineData("a\nb", "a\nx", " a|-b|+x")]
    [InlineData("...\nb", "1\n2\nb\n", " 1| 2| b")]
    [InlineData("a\n...\nb\n...", "a\nb", " a| b")]
    [InlineData("a\n...\nb", "a\n1\n2", " a| 1| 2|-b")]
    [InlineData("", "", "")]
    [InlineData("", "x\n", "+x")]
    [InlineData("x", "", "-x")]
    public void It_says_what_differs(string pattern, string output, string expected)
    {
        IReadOnlyList<DiffLine> diff = new OutputPattern(pattern).Compare(output);
        Assert.Equal(expected, string.Join('|', diff.Select(line => line.Kind switch { DiffKind.Missing => "-", DiffKind.Unexpected => "+", _ => " " } + line.Text)));
    }
}
