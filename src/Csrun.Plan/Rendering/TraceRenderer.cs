using System.Globalization;
using System.Text;
using System.Text.Json;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Rendering;

/// <summary>One step of a running launch, for people and for tools.</summary>
public static class TraceRenderer
{
    /// <summary>A few lines of text: number, who, how long, why; the calls with their results; what changed.</summary>
    /// <param name="outcome">The step.</param>
    /// <param name="count">How many steps the plan has.</param>
    public static string Text(StepOutcome outcome, int count)
    {
        StringBuilder text = new();
        string time = outcome.Duration is { } duration
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds,8:0.000} ms")
            : $"{"",11}";
        text.Append(CultureInfo.InvariantCulture, $"{outcome.Step.Number,3}/{count} {(outcome.Step.Actor == Actor.Csrun ? "csrun" : "child")} {time}  {outcome.Step.Why}\n");
        foreach (string call in outcome.Calls)
        {
            text.Append("        ").Append(call).Append('\n');
        }

        foreach (string change in outcome.Changes)
        {
            text.Append("        => ").Append(change).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One JSON object on a line of its own; docs/explain.md has the names.</summary>
    /// <param name="outcome">The step.</param>
    /// <param name="count">How many steps the plan has.</param>
    public static string Json(StepOutcome outcome, int count)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, PlanJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("step", outcome.Step.Number);
            json.WriteNumber("of", count);
            json.WriteString("actor", outcome.Step.Actor == Actor.Csrun ? "csrun" : "child");
            json.WriteString("why", outcome.Step.Why);
            if (outcome.Duration is { } duration)
            {
                json.WriteNumber("nanoseconds", (long)duration.TotalNanoseconds);
            }

            PlanJson.WriteStrings(json, "calls", outcome.Calls);
            PlanJson.WriteStrings(json, "changes", outcome.Changes);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
