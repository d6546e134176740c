using System.Collections.Immutable;
using System.Text;
using Csrun.Plan.Drawing;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Reports;

/// <summary>The mounts in a report: the caller's before, the container's after.</summary>
internal static class ReportMounts
{
    public static void Write(StringBuilder page, LaunchReport report)
    {
        page.Append("<h2>Mounts before and after</h2>\n");
        if (!report.WasRun)
        {
            page.Append("<p>The plan was not run. It attaches these:</p>\n<div class=\"scroll\"><table>\n<tr><th>step</th><th>what, on where</th></tr>\n");
            foreach (Step step in report.Plan.Steps)
            {
                if (step is ChildStep { Op: MoveMountOp move })
                {
                    page.Append($"<tr><td><a href=\"#step-{step.Number}\">{step.Number}</a></td><td>{Markup.Escape(move.What)}</td></tr>\n");
                }
            }

            page.Append("</table></div>\n");
            return;
        }

        page.Append("<p>The child starts with a copy of the caller's mounts. After pivot_root none of them can be reached any more; the container has its own.</p>\n<div class=\"two\">\n");
        Table(page, $"Before: {report.MountsBefore.Length} of the caller", report.MountsBefore);
        Table(page, $"After: {report.MountsAfter.Length} of the container", report.MountsAfter);
        page.Append("</div>\n");
    }

    private static void Table(StringBuilder page, string title, ImmutableArray<string> mounts)
    {
        page.Append($"<details open=\"open\"><summary>{Markup.Escape(title)}</summary>\n<table>\n<tr><th>where</th><th>what</th><th>options</th></tr>\n");
        foreach (string mount in mounts)
        {
            // "where what options" (ProcessState.MountLine); a root below the file system's own stands between in parentheses.
            string[] fields = mount.Split(' ', 3);
            page.Append($"<tr><td><code>{Markup.Escape(fields[0])}</code></td><td class=\"type\">{Markup.Escape(fields.Length > 1 ? fields[1] : "")}</td><td>{Markup.Escape(fields.Length > 2 ? fields[2] : "")}</td></tr>\n");
        }

        page.Append("</table>\n</details>\n");
    }
}
