using System.Text;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as numbered steps: who, why, and the calls with the manual page to read.</summary>
public static class ProseRenderer
{
    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        StringBuilder output = new();
        foreach (Step step in plan.Steps)
        {
            output.Append($"{step.Number,3}. {(step.Actor == Actor.Csrun ? "csrun" : "child")}: {step.Why}\n");
            if (step is CsrunStep own)
            {
                output.Append("       ").Append(own.Op.Describe()).Append('\n');
                continue;
            }

            KernelOp op = ((ChildStep)step).Op;
            StraceText text = new();
            op.ToStrace(text);
            foreach (string line in text.Lines)
            {
                output.Append("       ").Append(line).Append('\n');
            }

            output.Append("       see ").Append(op.ManPage).Append('\n');
        }

        return output.ToString();
    }
}
