using Csrun.Plan.Drawing;

namespace Csrun.Plan.Reports;

/// <summary>The report's style sheet.</summary>
internal static class ReportStyle
{
    public static string Sheet => DrawingStyle.Colours(":root") + DrawingStyle.Classes + Page;

    private const string Page =
        """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; -webkit-text-size-adjust: 100%; }
        main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 60px; }
        h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .4rem; }
        h2 { font-size: 1.3rem; margin: 2.6rem 0 .5rem; padding-top: .9rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
        p { margin: .4rem 0 .8rem; max-width: 46rem; }
        .soft { color: var(--soft); }
        a { color: var(--accent); }
        code, pre { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .84em; }
        pre { margin: .35rem 0; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .7rem; line-height: 1.5; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 1.2rem 0 0; padding: 0; list-style: none; }
        .facts li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .65rem .9rem; }
        .facts b { display: block; font-size: 1.3rem; line-height: 1.3; }
        .facts span { color: var(--soft); font-size: .86rem; }
        figure { margin: 1rem 0; }
        svg { display: block; width: 100%; height: auto; }
        .narrow { display: none; }
        figure svg.map { max-width: 440px; }
        .two { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; align-items: start; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .88rem; }
        td, th { text-align: left; padding: .28rem .5rem .28rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        th { color: var(--soft); font-weight: 600; }
        td.type { white-space: nowrap; overflow-wrap: normal; }
        .bars { display: grid; grid-template-columns: minmax(0, 1fr) minmax(70px, 34%) auto; gap: 7px 12px; align-items: center; font-size: .88rem; }
        .bars .bar { display: block; height: 12px; border-radius: 3px; background: var(--accent); min-width: 2px; }
        .bars .bar.csrun { background: var(--warm); }
        .bars .time { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        ol.steps { list-style: none; margin: 0; padding: 0; }
        ol.steps > li { border-bottom: 1px solid var(--line); }
        ol.steps > li > details > summary, ol.steps .plain { display: grid; grid-template-columns: 2.4rem 3.6rem minmax(0, 1fr) auto; gap: 0 .7rem; padding: .42rem 0; cursor: pointer; align-items: baseline; }
        ol.steps summary::-webkit-details-marker { display: none; }
        ol.steps summary .time::after { content: " ▸"; }
        ol.steps details[open] > summary .time::after { content: " ▾"; }
        ol.steps summary:hover { background: var(--card); }
        summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .n { color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
        .who { font-size: .78rem; font-weight: 600; border-radius: 4px; text-align: center; padding: .05rem .2rem; background: var(--accent-soft); color: var(--accent); }
        .who.csrun { background: var(--warm-soft); color: var(--warm); }
        .time { color: var(--soft); font-size: .84rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .inside { padding: 0 0 .7rem 7.4rem; }
        .change { color: var(--good); font-size: .88rem; overflow-wrap: anywhere; }
        .out { color: var(--bad); }
        footer { margin-top: 3rem; color: var(--soft); font-size: .88rem; }
        @media (max-width: 720px) {
          main { padding: 18px 14px 40px; }
          .wide { display: none; }
          .narrow { display: block; max-width: 400px; margin: 0 auto; }
          .two { grid-template-columns: minmax(0, 1fr); }
          .bars { grid-template-columns: minmax(0, 1fr) auto; }
          .bars .track { grid-column: 1 / -1; order: 3; margin-bottom: 6px; }
          .bars .track, .bars .what, .bars .time { order: 0; }
          ol.steps > li > details > summary { grid-template-columns: 2rem minmax(0, 1fr) auto; }
          .who { grid-row: 2; grid-column: 2; justify-self: start; padding: .05rem .5rem; }
          .inside { padding-left: 2.7rem; }
        }
        @media print { details > :not(summary) { display: block; } }

        """;
}
