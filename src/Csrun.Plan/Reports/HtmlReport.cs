using System.Globalization;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Plan.Drawing;
using Csrun.Plan.Ops;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Reports;

/// <summary>A launch as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere. It is XML as well, so
/// that a test can read it whole.</summary>
public static class HtmlReport
{
    private const int LongestSteps = 12;

    /// <summary>Renders the page.</summary>
    public static string Render(LaunchReport report)
    {
        StringBuilder page = new(1 << 18);
        string command = string.Join(' ', report.CommandLine);
        page.Append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n");
        // Nothing may be loaded and nothing may run, whatever a name in here looked like.
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
        page.Append($"<title>{Markup.Escape(Markup.Short(command, 80))}</title>\n<style>\n{ReportStyle.Sheet}</style>\n</head>\n<body>\n<main>\n");
        Head(page, report, command);
        Ids(page, report);
        ReportMounts.Write(page, report);
        if (report.WasRun)
        {
            Times(page, report);
        }

        ReportSteps.Write(page, report);
        page.Append("<footer>Made by csrun ").Append(Markup.Escape(report.Version)).Append(". The steps above are the list that ").Append(report.WasRun ? "ran" : "would run").Append("; the manual pages say what each call does.</footer>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Head(StringBuilder page, LaunchReport report, string command)
    {
        page.Append("<header>\n<h1>How this container starts</h1>\n");
        page.Append("<pre>").Append(Markup.Escape(command)).Append("</pre>\n<p class=\"soft\">");
        page.Append(CultureInfo.InvariantCulture, $"{(report.WasRun ? "Run" : "Planned, not run,")} on {report.When:yyyy-MM-dd HH:mm:ss zzz} by user {report.Plan.Facts?.CallerUid}, Linux {report.Plan.Facts?.Kernel}.</p>\n</header>\n<ul class=\"facts\">\n");
        int own = report.Plan.Steps.Count(s => s.Actor == Actor.Csrun);
        Fact(page, $"{report.Plan.Steps.Length}", $"steps: {own} by csrun, {report.Plan.Steps.Length - own} by its child");
        if (report.WasRun)
        {
            TimeSpan sum = Worked(report).Aggregate(TimeSpan.Zero, (total, o) => total + o.Duration!.Value);
            Fact(page, Milliseconds(sum), "of work in all steps; unwatched, some of it happens side by side");
        }

        int mapped = report.Maps is { } maps ? (int)Math.Min(int.MaxValue, maps.Uid.Count) : 0;
        Fact(page, report.Maps is null ? "host's" : mapped.ToString(CultureInfo.InvariantCulture), report.Maps is null ? "user IDs: no user namespace of its own" : mapped == 1 ? "user ID in its user namespace" : "user IDs in its user namespace");
        string[] kinds = [.. Kinds(report.Plan)];
        Fact(page, $"{kinds.Length}", $"new namespaces: {string.Join(", ", kinds)}");
        page.Append("</ul>\n");
    }

    private static void Fact(StringBuilder page, string number, string what) => page.Append($"<li><b>{Markup.Escape(number)}</b><span>{Markup.Escape(what)}</span></li>\n");

    private static IEnumerable<string> Kinds(LaunchPlan plan)
    {
        CloneFlags flags = plan.Namespaces;
        foreach (Step step in plan.Steps)
        {
            flags |= step is ChildStep { Op: UnshareOp unshare } ? unshare.Namespaces : 0;
        }

        (CloneFlags, string)[] names =
        [
            (CloneFlags.CLONE_NEWUSER, "user"), (CloneFlags.CLONE_NEWNS, "mnt"), (CloneFlags.CLONE_NEWPID, "pid"), (CloneFlags.CLONE_NEWNET, "net"),
            (CloneFlags.CLONE_NEWIPC, "ipc"), (CloneFlags.CLONE_NEWUTS, "uts"), (CloneFlags.CLONE_NEWCGROUP, "cgroup"), (CloneFlags.CLONE_NEWTIME, "time"),
        ];
        return names.Where(n => (flags & n.Item1) != 0).Select(n => n.Item2);
    }

    private static void Ids(StringBuilder page, LaunchReport report)
    {
        page.Append("<h2>Whose files are whose</h2>\n<p>A file's owner is a number on disk. Two translations lie between that number and the one that a process in the container sees: an ID-mapped mount translates up, to an ID of the host, and the container's user namespace translates down, to its own. They are opposite: where both have the same map, the container sees what is on disk.</p>\n");
        foreach (IdWayPicture picture in ReportPictures.Of(report))
        {
            page.Append("<figure>\n").Append(IdWayDrawing.Wide([picture], null));
            page.Append("<div class=\"narrow\"><h3>").Append(Markup.Escape(picture.Title)).Append("</h3></div>\n").Append(IdWayDrawing.Narrow(picture)).Append("</figure>\n");
        }

        if (report.Maps is { } maps)
        {
            uint uid = report.Plan.Facts?.CallerUid ?? uint.MaxValue;
            uint gid = report.Plan.Facts?.CallerGid ?? uint.MaxValue;
            page.Append("<h3>The container's maps</h3>\n<p>What <code>/proc/PID/uid_map</code> and <code>gid_map</code> say. Thicker bands are more IDs, by the logarithm.</p>\n<figure class=\"two\">\n");
            page.Append(MapDrawing.Draw("uid_map", maps.Uid, uid)).Append(MapDrawing.Draw("gid_map", maps.Gid, gid)).Append("</figure>\n");
        }
    }

    private static void Times(StringBuilder page, LaunchReport report)
    {
        page.Append("<h2>Where the time goes</h2>\n<p>The longest steps, each by the clock of the one who did it. The child stops after each step to be looked at; that is not counted, and waiting at a barrier is no work.</p>\n<div class=\"bars\">\n");
        StepOutcome[] longest = [.. Worked(report).OrderByDescending(o => o.Duration).Take(LongestSteps)];
        double most = longest.Length == 0 ? 1 : Math.Max(1, longest[0].Duration!.Value.TotalMicroseconds);
        foreach (StepOutcome outcome in longest)
        {
            double share = outcome.Duration!.Value.TotalMicroseconds / most * 100;
            page.Append($"<span class=\"what\">{outcome.Step.Number}. {Markup.Escape(outcome.Step.Why)}</span>");
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"track\"><span class=\"bar{(outcome.Step.Actor == Actor.Csrun ? " csrun" : "")}\" style=\"width:{Math.Max(0.5, share):0.#}%\"></span></span><span class=\"time\">{Milliseconds(outcome.Duration.Value)}</span>\n");
        }

        page.Append("</div>\n");
    }

    // At a barrier the child waits for what csrun does meanwhile, which is counted there.
    private static IEnumerable<StepOutcome> Worked(LaunchReport report) => report.Outcomes.Where(o => o.Duration is not null && o.Step is not ChildStep { Op: AwaitBarrierOp });

    /// <summary>A duration as people read it.</summary>
    internal static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms");
}
