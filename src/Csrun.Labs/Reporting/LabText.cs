using Csrun.Labs.Model;

namespace Csrun.Labs.Reporting;

/// <summary>Labs as people read them: the article on the left, what happens here on the right.</summary>
/// <param name="output">Where to write; flushed after each step, so that the reader can follow.</param>
/// <param name="width">How many columns there are.</param>
public sealed class LabText(TextWriter output, int width)
{
    private const int Indent = 3;
    private const string Between = " | ";

    private readonly int _width = Math.Clamp(width, 40, 160);
    private int _step;

    /// <summary>The list: a line for each lab, then what it needs and where it is from.</summary>
    public void List(IEnumerable<Lab> labs)
    {
        foreach (Lab lab in labs)
        {
            output.Write($"{lab.Name}\n");
            Paragraph(lab.What, Indent);
            if (lab.Needs.Length != 0)
            {
                Paragraph($"needs: {string.Join(", ", lab.Needs.Select(need => need.Text))}", Indent);
            }

            Paragraph($"from: {lab.Source}", Indent);
        }

        output.Flush();
    }

    /// <summary>A lab begins.</summary>
    public void Start(Lab lab, string directory)
    {
        _step = 0;
        output.Write($"== {lab.Name}: {lab.What}\n");
        Paragraph($"from: {lab.Source}", Indent);
        output.Write("\n");
        Paragraph(lab.Lesson, 0);
        output.Write($"\nThe commands run in {directory}\n");
        output.Flush();
    }

    /// <summary>A step has ended.</summary>
    public void Step(StepReport report)
    {
        output.Write("\n");
        Paragraph($"{++_step}. {report.Step.Say}", 0, Indent);
        if (report.Outcome == LabOutcome.Skipped)
        {
            Paragraph($"left out: {report.Reason}", Indent);
            output.Flush();
            return;
        }

        List<string> here = [$"{report.Prompt} {report.Command}"];
        foreach (DiffLine line in report.Diff)
        {
            string mark = line.Kind switch { DiffKind.Missing => "- ", DiffKind.Unexpected => "+ ", _ => "" };
            here.Add(mark + Printable(line.Text));
        }

        if (report.Step.Article is { } article)
        {
            SideBySide(["in the article", .. article.Split('\n')], ["here", .. here]);
        }
        else
        {
            here.ForEach(line => Hard(line, _width - Indent, Indent));
        }

        Verdict(report);
        output.Flush();
    }

    /// <summary>A lab has ended.</summary>
    public void End(LabReport report)
    {
        if (report.Outcome == LabOutcome.Skipped)
        {
            output.Write($"== {report.Lab.Name}: {report.Lab.What}\n");
        }

        output.Write("\n");
        string time = $"{report.Milliseconds} ms";
        Paragraph(
            report.Outcome switch
            {
                LabOutcome.Passed => $"{report.Lab.Name}: passed ({report.Steps.Count} steps, {time})",
                LabOutcome.Skipped => $"{report.Lab.Name}: skipped: {report.Reason}",
                _ => $"{report.Lab.Name}: FAILED{(report.Reason is null ? "" : $": {report.Reason}")}",
            },
            0);
        foreach (string left in report.Left)
        {
            Paragraph($"left behind: {left}", Indent);
        }

        if (report.Kept is { } kept)
        {
            Paragraph($"kept: {kept}", Indent);
        }

        output.Write("\n");
        output.Flush();
    }

    /// <summary>The last line.</summary>
    public void Sum(IReadOnlyList<LabReport> reports)
    {
        output.Write($"{Count(reports, LabOutcome.Passed)} passed, {Count(reports, LabOutcome.Failed)} failed, {Count(reports, LabOutcome.Skipped)} skipped\n");
        output.Flush();
    }

    private static int Count(IReadOnlyList<LabReport> reports, LabOutcome outcome) => reports.Count(report => report.Outcome == outcome);

    private void Verdict(StepReport report)
    {
        if (report.Outcome == LabOutcome.Passed)
        {
            string exit = report.ExitCode == 0 ? "" : $" (exit code {report.ExitCode})";
            output.Write($"{"",Indent}{(report.Expected is null ? "done" : "as expected")}{exit}\n");
            return;
        }

        if (report.ExitCode != report.Step.ExitCode)
        {
            output.Write($"{"",Indent}exit code {report.ExitCode}, expected {report.Step.ExitCode}\n");
        }

        if (report.Diff.Any(line => line.Kind != DiffKind.Same))
        {
            output.Write($"{"",Indent}- was expected, + was printed instead\n");
        }
    }

    // Two columns where there is room for them, else one above the other.
    private void SideBySide(List<string> left, List<string> right)
    {
        int each = (_width - Indent - Between.Length) / 2;
        if (each < 36)
        {
            left.Concat(right).ToList().ForEach(line => Hard(line, _width - Indent, Indent));
            return;
        }

        List<string> a = Wrap(left, each), b = Wrap(right, each);
        for (int i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            string first = i < a.Count ? a[i] : "", second = i < b.Count ? b[i] : "";
            string padding = new(' ', Math.Max(0, each - Columns(first)));
            output.Write($"{"",Indent}{first}{padding}{Between}{second}".TrimEnd() + "\n");
        }
    }

    private static List<string> Wrap(List<string> lines, int columns)
    {
        List<string> wrapped = [];
        foreach (string line in lines)
        {
            string rest = line;
            while (Columns(rest) > columns)
            {
                // At a blank where there is one in the second half; what goes on is indented.
                int fit = Fitting(rest, columns);
                int blank = rest.LastIndexOf(' ', fit - 1);
                int cut = blank > fit / 2 ? blank : fit;
                wrapped.Add(rest[..cut]);
                rest = "    " + rest[cut..].TrimStart();
            }

            wrapped.Add(rest);
        }

        return wrapped;
    }

    private void Hard(string line, int columns, int indent) => Wrap([line], columns).ForEach(part => output.Write($"{new string(' ', indent)}{part}\n"));

    private void Paragraph(string text, int indent, int? further = null)
    {
        foreach (string paragraph in text.Split('\n'))
        {
            int at = 0;
            foreach (string word in paragraph.Split(' '))
            {
                int columns = Columns(word);
                if (at != 0 && at + 1 + columns > _width)
                {
                    output.Write("\n");
                    at = 0;
                }

                string space = at == 0 ? new string(' ', indent) : " ";
                output.Write(space + word);
                at += space.Length + columns;
                indent = further ?? indent;
            }

            output.Write("\n");
        }
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? $"\\x{(int)c:x2}" : c.ToString()));

    // Japanese letters of the articles' titles take two columns each.
    private static int Columns(string text) => text.Sum(ColumnsOf);

    private static int ColumnsOf(char c) => c is >= '\u1100' and (<= '\u115f' or (>= '\u2e80' and <= '\uffdc')) ? 2 : 1;

    private static int Fitting(string text, int columns)
    {
        int fit = 0;
        for (int used = 0; fit < text.Length && used + ColumnsOf(text[fit]) <= columns; fit++)
        {
            used += ColumnsOf(text[fit]);
        }

        return fit;
    }
}
