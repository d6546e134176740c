using Csrun.Plan;
using Csrun.Plan.Rendering;
using Csrun.Plan.Requests;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>--explain</c>: the plan, printed and not run.</summary>
internal static class Explanation
{
    internal static int Write(LaunchPlan plan, ExplainFormat format)
    {
        FdWriter.Stdout.Write(format switch
        {
            ExplainFormat.Prose => ProseRenderer.Render(plan),
            ExplainFormat.Strace => StraceRenderer.Render(plan),
            ExplainFormat.Json => JsonRenderer.Render(plan),
            ExplainFormat.Mermaid => MermaidRenderer.Render(plan),
            _ => ShellRenderer.Render(plan),
        });
        FdWriter.Stdout.Flush();
        return 0;
    }
}
