namespace Csrun.Plan.Drawing;

/// <summary>Colours and type of the drawings, for light and dark surroundings.</summary>
/// <remarks>Every pair of text and ground has a contrast of 4.5 to 1 or more (WCAG 2.1, 1.4.3); colour is never the only sign.</remarks>
public static class DrawingStyle
{
    /// <summary>The colours as variables, for the element that a selector names.</summary>
    /// <param name="root"><c>:root</c> of a page, <c>svg</c> of a drawing alone.</param>
    public static string Colours(string root) =>
        $$"""
        {{root}} { color-scheme: light dark; --paper: #ffffff; --ink: #1c2530; --soft: #52606d; --line: #c5ced8; --card: #f4f6f9; --accent: #1257a8; --accent-soft: #dceafa; --warm: #9a4600; --warm-soft: #fdebd7; --bad: #b3141d; --bad-soft: #fde6e7; --good: #17663a; }
        @media (prefers-color-scheme: dark) { {{root}} { --paper: #12171d; --ink: #e6ebf0; --soft: #a3b0bd; --line: #3a4653; --card: #1b222b; --accent: #84bdff; --accent-soft: #17324f; --warm: #ffb874; --warm-soft: #46301a; --bad: #ff9096; --bad-soft: #4b2023; --good: #7fd6a2; } }

        """;

    /// <summary>What the drawings' classes look like.</summary>
    public const string Classes =
        """
        svg text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
        svg .mono { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        svg .paper { fill: var(--paper); }
        svg .place { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
        svg .gate { fill: var(--paper); stroke: var(--line); stroke-width: 1; stroke-dasharray: 4 3; }
        svg .head1 { font-size: 19px; font-weight: 600; }
        svg .head2 { font-size: 15px; font-weight: 600; }
        svg .note { font-size: 13px; fill: var(--soft); }
        svg .bad { fill: var(--bad); }
        svg .number { font-weight: 600; }
        svg .reading { stroke: var(--accent); stroke-width: 2.5; }
        svg .writing { stroke: var(--warm); stroke-width: 2.5; }
        svg .reading.head { fill: var(--accent); stroke: none; }
        svg .writing.head { fill: var(--warm); stroke: none; }
        svg text.says-reading { fill: var(--accent); font-size: 13px; font-weight: 600; stroke: none; }
        svg text.says-writing { fill: var(--warm); font-size: 13px; font-weight: 600; stroke: none; }
        svg .band { fill: var(--accent-soft); stroke: var(--accent); stroke-width: 1; }
        svg .band.own { fill: var(--warm-soft); stroke: var(--warm); }
        svg .bar { fill: var(--accent); }
        svg .bar.csrun { fill: var(--warm); }

        """;
}
