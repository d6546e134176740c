using System.Xml;
using System.Xml.Linq;
using Csrun.Plan.Breaking;
using Csrun.Plan.Planning;
using Csrun.Plan.Reports;
using Csrun.Plan.Tests.Planning;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Tests.Reports;

/// <summary>The page about a launch: well formed, self-contained, complete, and safe with hostile names.</summary>
public sealed class HtmlReportTests
{
    private const string Hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' &#x3c; \u001b]0;\u0007 \udfff </style></title></pre>";

    [Fact]
    public void Every_plan_makes_a_well_formed_page_with_all_its_steps()
    {
        foreach ((string name, LaunchRequest request) in LaunchRequests.Family().Where((_, i) => i % 5 == 0))
        {
            LaunchPlan plan = LaunchPlanner.Plan(request);
            XElement page = Parse(HtmlReport.Render(Report(plan)));
            Assert.True(plan.Steps.Length == page.Descendants().Count(e => ((string?)e.Attribute("id"))?.StartsWith("step-", StringComparison.Ordinal) == true), name);
            SelfContained(page);
        }
    }

    [Fact]
    public void A_page_of_a_run_has_times_changes_results_and_mounts()
    {
        LaunchPlan plan = LaunchPlanner.Plan(LaunchRequests.Default);
        StepOutcome[] outcomes = [.. plan.Steps.Select(s => new StepOutcome(s, TimeSpan.FromMicroseconds(s.Number), [$"call {s.Number} = 0"], s.Number == 8 ? ["uid_map: (empty) -> 0 1000 1"] : []))];
        XElement page = Parse(HtmlReport.Render(Report(plan) with { Outcomes = outcomes, MountsBefore = ["/ ext4 rw"], MountsAfter = ["/ overlay rw,relatime", "/proc proc rw,nosuid"] }));
        string text = page.Value;

        Assert.Contains("⇒ uid_map: (empty) -> 0 1000 1", text, StringComparison.Ordinal);
        Assert.Contains("call 8 = 0", text, StringComparison.Ordinal);
        Assert.Contains("After: 2 of the container", text, StringComparison.Ordinal);
        Assert.Contains("Before: 1 of the caller", text, StringComparison.Ordinal);
        Assert.Contains("Where the time goes", text, StringComparison.Ordinal);
        Assert.Equal(12, page.Descendants().Count(e => (string?)e.Attribute("class") == "track"));
        SelfContained(page);
    }

    [Fact]
    public void A_page_of_a_plan_alone_says_so_and_has_no_times()
    {
        string text = Parse(HtmlReport.Render(Report(LaunchPlanner.Plan(LaunchRequests.Default)))).Value;

        Assert.Contains("Planned, not run", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Where the time goes", text, StringComparison.Ordinal);
        Assert.Contains("proc on /proc", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_translations_are_drawn_and_figure_1_beside_a_launch_without_a_mapped_mount()
    {
        string plain = HtmlReport.Render(Report(LaunchPlanner.Plan(LaunchRequests.Default)));
        Assert.Contains("figure 1 of part 51", plain, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(">100042<", plain, StringComparison.Ordinal);

        LaunchRequest root = LaunchRequests.Family().First(f => f.Name == "root, image, plain").Request;
        string mapped = HtmlReport.Render(Report(LaunchPlanner.Plan(root)));
        Assert.DoesNotContain("figure 1 of part 51", mapped, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("This container: its root file system", mapped, StringComparison.Ordinal);
        Assert.Contains(">500042<", mapped, StringComparison.Ordinal);
        Assert.Equal(4, mapped.Split(">0–65535 ↔ 500000–565535<").Length - 1); // mount and container, wide and narrow
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        LaunchRequest request = LaunchRequests.Mounts(
            LaunchRequests.Process(LaunchRequests.Default, p => p with { Args = [Hostile], Cwd = "/" + Hostile }) with { EtcFiles = [] },
            new Oci.Mount { Destination = "/" + Hostile.Replace('\u001b', '_'), Type = "bind", Source = $"{LaunchRequests.HostOnly}/volume", Options = ["rbind"] });
        LaunchPlan plan = LaunchPlanner.Plan(request);
        StepOutcome[] outcomes = [.. plan.Steps.Select(s => new StepOutcome(s, TimeSpan.FromMicroseconds(1), [Hostile], [Hostile]))];
        string html = HtmlReport.Render(Report(plan) with { CommandLine = ["csrun", Hostile], Outcomes = outcomes, MountsBefore = [Hostile], MountsAfter = [Hostile] });

        SelfContained(Parse(html));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', html);
        SelfContained(Parse(HtmlReport.Render(Report(plan) with { CommandLine = ["csrun", Hostile] })));
    }

    [Fact]
    public void A_step_that_was_left_out_is_marked()
    {
        BrokenPlan broken = BrokenPlan.Without(LaunchPlanner.Plan(LaunchRequests.Default), ["seccomp"], privileged: false);
        Assert.Contains("left out: which system calls the container may make", Parse(HtmlReport.Render(Report(broken.Plan))).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Chapters_have_all_steps_once_and_in_order()
    {
        foreach ((_, LaunchRequest request) in LaunchRequests.Family())
        {
            LaunchPlan plan = LaunchPlanner.Plan(request);
            IReadOnlyList<(string Title, IReadOnlyList<Step> Steps)> phases = LaunchPhases.Of(plan);
            Assert.Equal(plan.Steps, phases.SelectMany(p => p.Steps));
            Assert.InRange(phases.Count, 5, 9);
            Assert.Equal(phases.Count, phases.Select(p => p.Title).Distinct().Count());
        }
    }

    private static LaunchReport Report(LaunchPlan plan) => new()
    {
        CommandLine = ["csrun", "explain-report", "alpine"],
        Version = "0.1",
        When = new DateTimeOffset(2026, 11, 26, 1, 2, 3, TimeSpan.Zero),
        Plan = plan,
    };

    private static XElement Parse(string html)
    {
        using StringReader text = new(html);
        using XmlReader reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    /// <summary>Nothing runs, nothing is loaded, no link leads out of the page.</summary>
    private static void SelfContained(XElement page)
    {
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "embed" or "image" or "use" or "foreignObject" or "form" or "base");
        foreach (XAttribute attribute in page.DescendantsAndSelf().Attributes())
        {
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), $"{attribute}");
            Assert.True(attribute.Name.LocalName is not ("href" or "src" or "srcset" or "action") || attribute.Value.StartsWith('#'), $"{attribute}");
        }

        string style = string.Concat(page.Descendants().Where(e => e.Name.LocalName == "style").Select(e => e.Value));
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
    }
}
