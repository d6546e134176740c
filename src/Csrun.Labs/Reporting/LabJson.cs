using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Labs.Model;

namespace Csrun.Labs.Reporting;

/// <summary>Labs as programs read them.</summary>
public static class LabJson
{
    // Relaxed: nobody puts this into a web page, and the articles' titles stay readable.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list: an array of objects with name, what, needs and source.</summary>
    public static string List(IEnumerable<Lab> labs) => Write(json =>
    {
        json.WriteStartArray();
        foreach (Lab lab in labs)
        {
            json.WriteStartObject();
            Head(json, lab);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>What became of labs: an object with <c>labs</c> and how many passed, failed and were skipped.</summary>
    public static string Reports(IReadOnlyList<LabReport> reports) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("labs");
        foreach (LabReport report in reports)
        {
            Report(json, report);
        }

        json.WriteEndArray();
        json.WriteNumber("passed", reports.Count(r => r.Outcome == LabOutcome.Passed));
        json.WriteNumber("failed", reports.Count(r => r.Outcome == LabOutcome.Failed));
        json.WriteNumber("skipped", reports.Count(r => r.Outcome == LabOutcome.Skipped));
        json.WriteEndObject();
    });

    private static void Head(Utf8JsonWriter json, Lab lab)
    {
        json.WriteString("name", lab.Name);
        json.WriteString("what", lab.What);
        Strings(json, "needs", lab.Needs.Select(need => need.Text));
        json.WriteStartObject("source");
        json.WriteString("article", lab.Source.Article);
        json.WriteString("section", lab.Source.Section);
        json.WriteEndObject();
    }

    private static void Report(Utf8JsonWriter json, LabReport report)
    {
        json.WriteStartObject();
        Head(json, report.Lab);
        json.WriteString("outcome", Word(report.Outcome));
        Optional(json, "reason", report.Reason);
        Optional(json, "kept", report.Kept);
        Strings(json, "left", report.Left);
        json.WriteNumber("milliseconds", report.Milliseconds);
        json.WriteStartArray("steps");
        foreach (StepReport step in report.Steps)
        {
            Step(json, step);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Step(Utf8JsonWriter json, StepReport step)
    {
        json.WriteStartObject();
        json.WriteString("say", step.Step.Say);
        json.WriteString("outcome", Word(step.Outcome));
        Optional(json, "reason", step.Reason);
        Optional(json, "article", step.Step.Article);
        json.WriteString("prompt", step.Prompt);
        json.WriteString("command", step.Command);
        json.WriteString("output", step.Output);
        Optional(json, "expected", step.Expected);
        json.WriteNumber("exitCode", step.ExitCode);
        json.WriteNumber("expectedExitCode", step.Step.ExitCode);
        Strings(json, "missing", step.Diff.Where(line => line.Kind == DiffKind.Missing).Select(line => line.Text));
        Strings(json, "unexpected", step.Diff.Where(line => line.Kind == DiffKind.Unexpected).Select(line => line.Text));
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Word(LabOutcome outcome) => outcome switch
    {
        LabOutcome.Passed => "passed",
        LabOutcome.Failed => "failed",
        _ => "skipped",
    };

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, s_options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
