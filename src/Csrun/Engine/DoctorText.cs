using System.Collections.Immutable;
using System.Text;
using Csrun.Plan.Doctor;

namespace Csrun.Engine;

/// <summary>The gates as people read them: one line each, and what is not ok with its cause and fix.</summary>
internal static class DoctorText
{
    internal static string Render(ImmutableArray<GateFinding> findings)
    {
        StringBuilder text = new();
        foreach (GateFinding finding in findings)
        {
            text.Append($"{Word(finding.Status),-5} {finding.Gate,-20} ");
            Lines(text, finding.Evidence, 27);
            if (finding.Status is GateStatus.Warn or GateStatus.Fail)
            {
                Fact(text, "why", finding.Code is null ? finding.Cause : $"{finding.Cause}  [{finding.Code}]");
                Fact(text, "fix", finding.Fix);
            }
        }

        string[] failing = [.. findings.Where(f => f.Status == GateStatus.Fail).Select(f => f.Gate)];
        int warnings = findings.Count(f => f.Status == GateStatus.Warn);
        text.Append(failing.Length == 0 ? "csrun run will work here" : $"csrun run will not work here: {string.Join(", ", failing)}");
        text.Append(warnings switch { 0 => "\n", 1 => "; 1 warning\n", _ => $"; {warnings} warnings\n" });
        return text.ToString();
    }

    /// <summary>The status as text and JSON have it.</summary>
    internal static string Word(GateStatus status) => status switch
    {
        GateStatus.Ok => "ok",
        GateStatus.Warn => "warn",
        GateStatus.Fail => "fail",
        _ => "skip",
    };

    private static void Fact(StringBuilder text, string label, string? fact)
    {
        if (!string.IsNullOrEmpty(fact))
        {
            text.Append($"      {label}: ");
            Lines(text, fact, 11);
        }
    }

    // Names from files of the host may hold anything: a control character must not reach the terminal.
    private static void Lines(StringBuilder text, string fact, int indent)
    {
        foreach (char c in fact)
        {
            _ = c == '\n' ? text.Append('\n').Append(' ', indent) : char.IsControl(c) ? text.Append($"\\x{(int)c:x2}") : text.Append(c);
        }

        text.Append('\n');
    }
}
