using Csrun.Labs.Model;
using Csrun.Labs.Running;

namespace Csrun.Labs.Tests;

/// <summary>The declared lessons: complete, and with steps that can fail.</summary>
public sealed class LabTableTests
{
    public static TheoryData<string> Names => [.. LabTable.All.Select(lab => lab.Name)];

    [Fact]
    public void Names_are_unique_and_found()
    {
        Assert.Equal(LabTable.All.Count, LabTable.All.Select(lab => lab.Name).Distinct().Count());
        Assert.All(LabTable.All, lab => Assert.Same(lab, LabTable.Find(lab.Name)));
        Assert.Null(LabTable.Find("all"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lesson_is_complete(string name)
    {
        Lab lab = LabTable.Find(name)!;
        Assert.Matches("^[a-z0-9-]+$", lab.Name);
        Assert.All((string[])[lab.What, lab.Lesson, lab.Source.Article, lab.Source.Section], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.All(lab.Steps, step => Assert.False(string.IsNullOrWhiteSpace(step.Say), step.Command));
        Assert.Contains(lab.Steps, step => step.Expect is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_variables_have_values_and_its_shells_are_open(string name)
    {
        Lab lab = LabTable.Find(name)!;
        LabVariables variables = new();
        foreach (string known in (string[])["DIR", "IMAGE", "USER"])
        {
            variables[known] = "x";
        }

        foreach (string known in (string[])["UID", "GID", "SUBUID", "SUBGID"])
        {
            variables[known] = "1";
        }

        HashSet<string> shells = [];
        foreach (LabStep step in lab.Steps.Concat(lab.Cleanup))
        {
            Assert.True(step.In is null || shells.Contains(step.In), $"no shell {step.In} is open: {step.Command}");
            if (step.In is null)
            {
                Assert.NotEmpty(CommandWords.Split(step.Command, variables));
            }

            if (step.Opens is { } shell)
            {
                Assert.True(shells.Add(shell), shell);
            }

            if (step.Into is { } variable)
            {
                variables[variable] = "1";
            }

            variables.Expand(step.Expect ?? "");
        }
    }
}
