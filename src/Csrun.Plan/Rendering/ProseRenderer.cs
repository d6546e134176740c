using System.Text;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as numbered steps: who, why, the calls, what would go wrong without the step, and the manual page to read.</summary>
public static class ProseRenderer
{
    private const int Width = 110;

    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        StringBuilder output = new();
        string? before = null;
        foreach (Step step in plan.Steps)
        {
            output.Append($"{step.Number,3}. {(step.Actor == Actor.Csrun ? "csrun" : "child")}: {step.Why}\n");
            string manual;
            if (step is ChildStep child)
            {
                StraceText text = new();
                child.Op.ToStrace(text);
                foreach (string line in text.Lines)
                {
                    output.Append("       ").Append(line).Append('\n');
                }

                manual = child.Op.ManPage;
            }
            else
            {
                CsrunOp own = ((CsrunStep)step).Op;
                foreach (string line in own is OwnCallOp call ? call.Lines : [own.Describe()])
                {
                    output.Append("       ").Append(line).Append('\n');
                }

                manual = own.ManPage;
            }

            // Once for a row of steps that share it.
            if (step.Without != before)
            {
                Wrap(output, "without: ", step.Without);
                before = step.Without;
            }

            output.Append("       see ").Append(manual).Append('\n');
        }

        return output.ToString();
    }

    private static void Wrap(StringBuilder output, string label, string text)
    {
        string indent = new(' ', 7 + label.Length);
        int column = indent.Length;
        output.Append(' ', 7).Append(label);
        bool first = true;
        foreach (string word in text.Split(' '))
        {
            if (!first && column + 1 + word.Length > Width)
            {
                output.Append('\n').Append(indent);
                column = indent.Length;
                first = true;
            }

            output.Append(first ? "" : " ").Append(word);
            column += word.Length + (first ? 0 : 1);
            first = false;
        }

        output.Append('\n');
    }
}
