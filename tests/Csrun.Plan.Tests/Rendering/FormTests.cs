using System.Text.Json;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Rendering;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Rendering;

/// <summary>The forms of a plan for tools: they say what the plan says, step by step.</summary>
public sealed class FormTests
{
    private static readonly LaunchPlan s_plan = LaunchPlanner.Plan(LaunchRequests.Default);

    [Fact]
    public void Json_has_every_step_with_the_calls_that_strace_shows()
    {
        using JsonDocument document = JsonDocument.Parse(JsonRenderer.Render(s_plan));
        JsonElement[] steps = [.. document.RootElement.GetProperty("steps").EnumerateArray()];

        Assert.Equal(JsonRenderer.Schema, document.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal(s_plan.Steps.Length, steps.Length);
        foreach ((Step step, JsonElement json) in s_plan.Steps.Zip(steps))
        {
            Assert.Equal(step.Number, json.GetProperty("step").GetInt32());
            Assert.Equal(step.Why, json.GetProperty("why").GetString());
            Assert.Equal(step is ChildStep ? "child" : "csrun", json.GetProperty("actor").GetString());
            if (step is ChildStep child)
            {
                StraceText text = new();
                child.Op.ToStrace(text);
                Assert.Equal(text.Calls, json.GetProperty("calls").EnumerateArray().Select(c => c.GetString()));
                Assert.Equal(child.Op.ManPage, json.GetProperty("manual").GetString());
            }
        }
    }

    [Fact]
    public void The_document_has_the_names_that_the_page_about_it_lists_and_no_others()
    {
        SortedSet<string> written = new(StringComparer.Ordinal), always = new(StringComparer.Ordinal);
        foreach ((_, LaunchRequest request) in LaunchRequests.Family().Where((_, i) => i % 5 == 0))
        {
            using JsonDocument document = JsonDocument.Parse(JsonRenderer.Render(LaunchPlanner.Plan(request)));
            written.UnionWith(document.RootElement.EnumerateObject().Select(p => p.Name).Where(n => n != "steps"));
            foreach (JsonElement step in document.RootElement.GetProperty("steps").EnumerateArray())
            {
                string[] names = [.. step.EnumerateObject().Select(p => $"steps[].{p.Name}")];
                written.UnionWith(names);
                always.UnionWith(names.Where(n => n != "steps[].barrier"));
                Assert.Superset(always, names.ToHashSet()); // but for the barrier every step has every name
                Assert.Equal(JsonValueKind.Array, step.GetProperty("calls").ValueKind);
                Assert.Equal(JsonValueKind.Number, step.GetProperty("step").ValueKind);
                Assert.Contains(step.GetProperty("actor").GetString(), (string[])["csrun", "child"]);
            }
        }

        string page = File.ReadAllText(Path.Combine(Repository.Directory, "docs/explain.md"));
        string form = page[page.IndexOf("| name | |", StringComparison.Ordinal)..page.IndexOf("## A script", StringComparison.Ordinal)];
        Assert.Equal(System.Text.RegularExpressions.Regex.Matches(form, @"^\| `([^`]+)` \|", System.Text.RegularExpressions.RegexOptions.Multiline).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal), written);
        Assert.Contains($"| `schema` | {JsonRenderer.Schema};", form, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_says_what_would_go_wrong_without_it_and_not_the_reason_once_more()
    {
        foreach ((string name, LaunchRequest request) in LaunchRequests.Family())
        {
            foreach (Step step in LaunchPlanner.Plan(request).Steps)
            {
                Assert.True(step.Without.Split(' ').Length >= 4 && step.Without != step.Why, $"{name}, step {step.Number}: {step.Without}");
            }
        }
    }

    [Fact]
    public void Json_names_operations_and_barriers()
    {
        string json = JsonRenderer.Render(s_plan);

        Assert.Contains("\"operation\": \"pivot-root\"", json, StringComparison.Ordinal);
        Assert.Contains("\"operation\": \"write-id-maps\"", json, StringComparison.Ordinal);
        Assert.Equal(2, json.Split("\"barrier\": \"id maps written\"").Length - 1);
    }

    [Fact]
    public void Mermaid_draws_each_step_once_in_order()
    {
        string diagram = MermaidRenderer.Render(s_plan);
        List<int> numbers = [];
        foreach (string line in diagram.Split('\n').Where(l => l.StartsWith("  Note over K: ", StringComparison.Ordinal) && char.IsAsciiDigit(l[15])))
        {
            int[] range = [.. line[15..].Split(':')[0].Split(" to ").Select(int.Parse)];
            numbers.AddRange(Enumerable.Range(range[0], range[^1] - range[0] + 1));
        }

        // Steps of csrun, barriers, the terminal and execve are arrows; all others are in a note, and in one only.
        Assert.Equal(
            s_plan.Steps.Where(s => s is ChildStep { Op: not (AwaitBarrierOp or ExecveOp or TerminalOp) }).Select(s => s.Number),
            numbers);
        Assert.StartsWith("sequenceDiagram\n", diagram, StringComparison.Ordinal);
        Assert.Contains("C->>M: newuidmap PID 0 ", diagram, StringComparison.Ordinal);
        Assert.EndsWith("closes the control socket\n", diagram, StringComparison.Ordinal);
    }

    [Fact]
    public void Mermaid_keeps_what_would_end_a_statement_out_of_its_texts()
    {
        string diagram = MermaidRenderer.Render(s_plan);

        Assert.DoesNotContain(diagram.Split('\n'), line => line.Replace("#59;", "", StringComparison.Ordinal).Replace("#35;", "", StringComparison.Ordinal).AsSpan().ContainsAny(';', '#'));
    }
}
