using System.Text;
using Csrun.Plan.Drawing;
using Csrun.Plan.Ops;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Reports;

/// <summary>The plan in a report: chapters of steps, each with its reason, and its calls behind a click.</summary>
internal static class ReportSteps
{
    public static void Write(StringBuilder page, LaunchReport report)
    {
        Dictionary<int, StepOutcome> outcomes = report.Outcomes.ToDictionary(o => o.Step.Number);
        page.Append("<h2>The plan, step by step</h2>\n<p>csrun decides everything before it begins; the child then follows this list, which has no branches. Open a step for its system calls");
        page.Append(report.WasRun ? " with what they were answered, and for what it changed.</p>\n" : ".</p>\n");
        foreach ((string title, IReadOnlyList<Step> steps) in LaunchPhases.Of(report.Plan))
        {
            page.Append($"<h3>{Markup.Escape(title)}</h3>\n<ol class=\"steps\">\n");
            foreach (Step step in steps)
            {
                One(page, step, outcomes.GetValueOrDefault(step.Number));
            }

            page.Append("</ol>\n");
        }
    }

    private static void One(StringBuilder page, Step step, StepOutcome? outcome)
    {
        bool leftOut = step is ChildStep { Op: LeftOutOp } or CsrunStep { Op: LeftOutCsrunOp };
        bool own = step.Actor == Actor.Csrun;
        page.Append($"<li id=\"step-{step.Number}\"><details><summary><span class=\"n\">{step.Number}</span><span class=\"who{(own ? " csrun" : "")}\">{(own ? "csrun" : "child")}</span>");
        page.Append($"<span{(leftOut ? " class=\"out\"" : "")}>{(leftOut ? "left out: " : "")}{Markup.Escape(step.Why)}</span>");
        page.Append($"<span class=\"time\">{(outcome?.Duration is { } time ? HtmlReport.Milliseconds(time) : "")}</span></summary>\n<div class=\"inside\"><pre>");
        page.Append(string.Join('\n', (outcome?.Calls ?? Planned(step)).Select(Markup.Escape))).Append("</pre>\n");
        foreach (string change in outcome?.Changes ?? [])
        {
            page.Append($"<div class=\"change\">⇒ {Markup.Escape(change)}</div>\n");
        }

        if (step is ChildStep child)
        {
            page.Append($"<div class=\"soft\">see <code>{Markup.Escape(child.Op.ManPage)}</code></div>\n");
        }

        page.Append("</div></details></li>\n");
    }

    private static IReadOnlyList<string> Planned(Step step)
    {
        if (step is CsrunStep own)
        {
            return [own.Op.Describe()];
        }

        StraceText text = new();
        ((ChildStep)step).Op.ToStrace(text);
        return text.Lines;
    }
}
