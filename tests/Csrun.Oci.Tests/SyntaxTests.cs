using System.Text;

namespace Csrun.Oci.Tests;

/// <summary>Texts that are not JSON: one mistake, at the right place, in words.</summary>
public sealed class SyntaxTests
{
    [Theory]
    [InlineData("{\n  \"ociVersion\": \"1.2.0\",\n}", 3, 1, "a comma before the closing bracket")]
    [InlineData("{\"a\": [1, 2, ]}", 1, 14, "a comma before the closing bracket")]
    [InlineData("{\n  // why\n  \"a\": 1\n}", 2, 3, "comments are not allowed")]
    [InlineData("{\"a\": 1 /* why */}", 1, 9, "comments are not allowed")]
    [InlineData("{\"a\": 'b'}", 1, 7, "single quotes")]
    [InlineData("{\"a\": 1", 1, 8, "ends before")]
    [InlineData("{\"a\": \"b", 1, 9, "ends before")]
    [InlineData("", 1, 1, "empty")]
    [InlineData(" \n ", 2, 2, "empty")]
    [InlineData("{\"a\": \"b\nc\"}", 1, 9, "line break inside a string")]
    [InlineData("{\"a\": \"b\tc\"}", 1, 9, "control character 0x09")]
    [InlineData("{\"a\": 1 \"b\": 2}", 1, 9, "a comma or colon is missing")]
    [InlineData("{\"a\" \"b\"}", 1, 6, "a comma or colon is missing")]
    [InlineData("{a: 1}", 1, 2, "unexpected \"a\"")]
    [InlineData("{\"a\": True}", 1, 7, "unexpected \"True\"")]
    [InlineData("{\"a\": 022}", 1, 8, "unexpected \"22\"")]
    [InlineData("{\"a\": NaN}", 1, 7, "unexpected \"NaN\"")]
    [InlineData("{\"a\": 1}}", 1, 9, "unexpected '}'")]
    [InlineData("{\"a\": 1} {\"b\": 2}", 1, 10, "unexpected '{'")]
    [InlineData("{\"ä€😀\": 1,\n \"ä€😀\" x}", 2, 8, "unexpected \"x\"")]
    [InlineData("{\"a\": 1,\r\n  x}", 2, 3, "unexpected \"x\"")]
    public void Says_what_and_where(string json, int line, int column, string problem)
    {
        SpecReadResult result = Config.Read(json);

        ConfigMistake mistake = Assert.Single(result.Mistakes);
        Assert.Null(result.Spec);
        Assert.Equal("$", mistake.JsonPath);
        Assert.Contains(problem, mistake.Problem, StringComparison.Ordinal);
        Assert.Equal(new TextPosition(line, column), mistake.Position);
    }

    [Fact]
    public void Refuses_a_byte_order_mark()
    {
        ConfigMistake mistake = Assert.Single(SpecReader.Read(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Config.Minimal)).ToArray(), "c").Mistakes);
        Assert.Contains("byte order mark", mistake.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'"', 0xff, (byte)'"' }, 2, 2, "0xff")]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xc3, (byte)'"' }, 1, 3, "0xc3")]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' }, 1, 3, "0xed")]
    public void Refuses_what_is_not_UTF8(byte[] json, int line, int column, string named)
    {
        ConfigMistake mistake = Assert.Single(SpecReader.Read(json, "c").Mistakes);
        Assert.Contains(named, mistake.Problem, StringComparison.Ordinal);
        Assert.Equal(new TextPosition(line, column), mistake.Position);
    }

    [Fact]
    public void Refuses_more_than_the_size_limit_and_takes_just_that()
    {
        byte[] json = Encoding.UTF8.GetBytes(Config.Minimal.PadRight(SpecReader.SizeLimit));
        Assert.Empty(SpecReader.ReadAndValidate(json, "c").Mistakes);
        ConfigMistake mistake = Assert.Single(SpecReader.Read(new byte[SpecReader.SizeLimit + 1], "c").Mistakes);
        Assert.Contains("4194305 bytes", mistake.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_deep_nesting_without_overflowing_the_stack()
    {
        string json = "{\"a\": " + new string('[', 1_000_000);
        ConfigMistake mistake = Assert.Single(Config.Read(json).Mistakes);
        Assert.Contains("nested deeper", mistake.Problem, StringComparison.Ordinal);
        Assert.Equal(1, mistake.Position!.Value.Line);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("17")]
    public void Refuses_what_is_no_object(string json)
    {
        SpecReadResult result = Config.Read(json);
        Assert.Null(result.Spec);
        Assert.Contains("must be an object", Assert.Single(result.Mistakes).Problem, StringComparison.Ordinal);
    }
}
