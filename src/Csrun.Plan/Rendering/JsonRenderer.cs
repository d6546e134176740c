using System.Text;
using System.Text.Json;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as one JSON document; docs/explain.md describes it.</summary>
public static class JsonRenderer
{
    /// <summary>The number of the document's form: raised when a name changes its meaning or goes.</summary>
    public const int Schema = 1;

    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, PlanJson.Options with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteStartArray("steps");
            foreach (Step step in plan.Steps)
            {
                Write(json, step);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Step step)
    {
        json.WriteStartObject();
        json.WriteNumber("step", step.Number);
        json.WriteString("actor", step.Actor == Actor.Csrun ? "csrun" : "child");
        json.WriteString("why", step.Why);
        json.WriteString("without", step.Without);
        if (step is ChildStep child)
        {
            json.WriteString("operation", OperationName.Of(child.Op));
            StraceText text = new();
            child.Op.ToStrace(text);
            PlanJson.WriteStrings(json, "calls", text.Calls);
            json.WriteString("manual", child.Op.ManPage);
            if (child.Op is AwaitBarrierOp await)
            {
                json.WriteString("barrier", await.Name);
            }
        }
        else if (step is CsrunStep own)
        {
            json.WriteString("operation", OperationName.Of(own.Op is OwnCallOp call ? call.Call : own.Op));
            PlanJson.WriteStrings(json, "calls", own.Op is OwnCallOp { Calls: var calls } ? calls : [own.Op.Describe()]);
            json.WriteString("manual", own.Op.ManPage);
            if (own.Op is PassBarrierOp pass)
            {
                json.WriteString("barrier", pass.Name);
            }
        }

        json.WriteEndObject();
    }
}
