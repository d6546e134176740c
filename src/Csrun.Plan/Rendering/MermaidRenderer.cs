using System.Text;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as a Mermaid sequence diagram: csrun, the two tools and the child, with the barriers between them.</summary>
/// <remarks>Steps of the child that follow one another without a barrier are one note; a barrier is an arrow.</remarks>
public static class MermaidRenderer
{
    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        bool tools = plan.Steps.Any(s => s is CsrunStep { Op: WriteIdMapsOp { Writer: MapWriterKind.Tool } });
        StringBuilder output = new("sequenceDiagram\n  participant C as csrun\n");
        if (tools)
        {
            output.Append("  participant M as newuidmap, newgidmap\n");
        }

        if (plan.Steps.Any(s => s is ChildStep or CsrunStep { Op: CloneOp }))
        {
            output.Append("  participant K as child\n");
        }

        List<Step> notes = [];
        foreach (Step step in plan.Steps)
        {
            if (step is CsrunStep or ChildStep { Op: AwaitBarrierOp or ExecveOp or TerminalOp })
            {
                Flush(notes, output);
                Arrow(step, output);
            }
            else
            {
                notes.Add(step);
            }
        }

        Flush(notes, output);
        return output.ToString();
    }

    private static void Arrow(Step step, StringBuilder output)
    {
        switch (step)
        {
            case CsrunStep { Op: CloneOp clone }:
                output.Append("  C->>K: ").Append(Text(clone.Describe())).Append('\n');
                break;
            case CsrunStep { Op: WriteIdMapsOp { Writer: MapWriterKind.Tool } maps }:
                output.Append("  C->>M: ").Append(Text(maps.Describe())).Append('\n').Append("  M->>K: uid_map, gid_map\n");
                break;
            case CsrunStep { Op: WriteIdMapsOp maps }:
                output.Append("  C->>K: ").Append(Text(maps.Describe())).Append('\n');
                break;
            case CsrunStep { Op: PassBarrierOp barrier }:
                output.Append("  C->>K: ").Append(Text(barrier.Describe())).Append('\n');
                break;
            case CsrunStep own:
                output.Append("  Note over C: ").Append(Text(own.Op.Describe())).Append('\n');
                break;
            case ChildStep { Op: AwaitBarrierOp barrier }:
                output.Append("  Note over K: waits for \"").Append(Text(barrier.Name)).Append("\"\n");
                break;
            case ChildStep { Op: TerminalOp }:
                output.Append("  K->>C: the terminal's master side\n");
                break;
            case ChildStep { Op: ExecveOp execve }:
                output.Append("  K-->>C: execve ").Append(Text(execve.Args.IsEmpty ? "" : execve.Args[0])).Append(" closes the control socket\n");
                break;
        }
    }

    private static void Flush(List<Step> notes, StringBuilder output)
    {
        if (notes.Count == 0)
        {
            return;
        }

        string numbers = notes.Count == 1 ? $"{notes[0].Number}" : $"{notes[0].Number} to {notes[^1].Number}";
        string calls = string.Join(", ", notes.SelectMany(n => Calls((ChildStep)n)).Distinct().Take(8));
        output.Append("  Note over K: ").Append(numbers).Append(": ").Append(Text(calls)).Append('\n');
        notes.Clear();
    }

    private static IEnumerable<string> Calls(ChildStep step)
    {
        StraceText text = new();
        step.Op.ToStrace(text);
        return text.Calls.Select(call => call[..call.IndexOf('(', StringComparison.Ordinal)]);
    }

    // ; and # begin a new statement and an entity in Mermaid.
    private static string Text(string text) => text.Replace("#", "#35;", StringComparison.Ordinal).Replace(";", "#59;", StringComparison.Ordinal).Replace('\n', ' ');
}
