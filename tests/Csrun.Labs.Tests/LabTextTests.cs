using System.Text.Json;
using Csrun.Labs.Model;
using Csrun.Labs.Reporting;

namespace Csrun.Labs.Tests;

/// <summary>What a reader and a program get to see.</summary>
public sealed class LabTextTests
{
    private static readonly Lab s_lab = new()
    {
        Name = "example",
        What = "an example",
        Source = new LabSource("記事", "節"),
        Lesson = "A lesson.",
        Needs = [LabNeed.Root],
        Steps = [new LabStep("See this.", "id -u") { Article = "$ sudo id -u\n0", Expect = "0" }],
    };

    private static readonly StepReport s_failed = new(s_lab.Steps[0], LabOutcome.Failed)
    {
        Command = "id -u",
        Prompt = "alice$",
        Output = "1000\n",
        Expected = "0",
        Diff = new OutputPattern("0").Compare("1000\n"),
    };

    [Fact]
    public void The_article_stands_on_the_left_and_the_difference_on_the_right()
    {
        string text = Written(100, output => output.Step(s_failed));
        Assert.Equal(
            """

            1. See this.
               in the article                                  | here
               $ sudo id -u                                    | alice$ id -u
               0                                               | - 0
                                                               | + 1000
               - was expected, + was printed instead

            """,
            text);
    }

    [Fact]
    public void A_narrow_terminal_has_one_above_the_other()
    {
        string text = Written(60, output => output.Step(s_failed));
        Assert.Contains("   $ sudo id -u\n   0\n   here\n   alice$ id -u\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal()
    {
        StepReport report = s_failed with { Diff = new OutputPattern("x").Compare(new string('y', 300) + "\nwörter " + new string('語', 100)) };
        foreach (int width in (int[])[40, 80, 120])
        {
            Assert.All(Written(width, output => output.Step(report)).Split('\n'), line => Assert.InRange(line.Sum(c => c > '\u2e80' ? 2 : 1), 0, width));
        }
    }

    [Fact]
    public void Control_characters_of_an_output_do_not_reach_the_terminal() =>
        Assert.Contains(@"\x1b[31m", Written(100, output => output.Step(s_failed with { Diff = new OutputPattern("x").Compare("\e[31m") })), StringComparison.Ordinal);

    [Fact]
    public void Json_has_every_step()
    {
        using JsonDocument json = JsonDocument.Parse(LabJson.Reports([new LabReport(s_lab, LabOutcome.Failed, [s_failed])]));
        Assert.Equal(1, json.RootElement.GetProperty("failed").GetInt32());
        JsonElement lab = json.RootElement.GetProperty("labs")[0];
        Assert.Equal("failed", lab.GetProperty("outcome").GetString());
        JsonElement step = lab.GetProperty("steps")[0];
        Assert.Equal("0", step.GetProperty("missing")[0].GetString());
        Assert.Equal("1000", step.GetProperty("unexpected")[0].GetString());
        Assert.Equal("$ sudo id -u\n0", step.GetProperty("article").GetString());
    }

    [Fact]
    public void Json_lists_name_needs_and_source()
    {
        using JsonDocument json = JsonDocument.Parse(LabJson.List([s_lab]));
        JsonElement lab = json.RootElement[0];
        Assert.Equal("example", lab.GetProperty("name").GetString());
        Assert.Equal("root", lab.GetProperty("needs")[0].GetString());
        Assert.Equal("記事", lab.GetProperty("source").GetProperty("article").GetString());
    }

    private static string Written(int width, Action<LabText> write)
    {
        using StringWriter output = new();
        write(new LabText(output, width));
        return output.ToString();
    }
}
