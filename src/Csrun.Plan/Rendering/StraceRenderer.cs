using System.Text;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as the system calls of the child, in the form of strace(1), with csrun's own steps as comments.</summary>
public static class StraceRenderer
{
    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        StringBuilder output = new();
        foreach (Step step in plan.Steps)
        {
            if (step is CsrunStep { Op: OwnCallOp call })
            {
                output.AppendJoin('\n', call.Lines).Append('\n');
                continue;
            }

            if (step is CsrunStep own)
            {
                output.Append("# csrun: ").Append(own.Op.Describe()).Append('\n');
                continue;
            }

            StraceText text = new();
            ((ChildStep)step).Op.ToStrace(text);
            foreach (string line in text.Lines)
            {
                output.Append(line).Append('\n');
            }
        }

        return output.ToString();
    }
}
