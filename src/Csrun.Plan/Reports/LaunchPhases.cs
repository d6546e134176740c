using Csrun.Plan.Ops;

namespace Csrun.Plan.Reports;

/// <summary>The chapters of a launch: docs/design/launch-protocol.md.</summary>
public static class LaunchPhases
{
    /// <summary>The steps by chapter, in their order.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<Step> Steps)> Of(LaunchPlan plan)
    {
        List<(string, IReadOnlyList<Step>)> phases = [];
        string title = "";
        List<Step> steps = [];
        bool root = false;
        bool ids = false;
        foreach (Step step in plan.Steps)
        {
            string? begins = Operation(step) switch
            {
                CloneOp => "A child in new namespaces",
                WriteIdMapsOp => "Which IDs of the host the container has",
                PropagationOp => "Gather what comes from the host, as the caller",
                SetIdsOp when !ids && !root => "Become the container's root, and make its file systems",
                FchdirOp => "Change the root",
                CloseOp when root => null,
                MkdirInRootOp or OpenOp when root && title == "Change the root" => "Attach the mounts, inside",
                ForwardSignalsOp => "Limits, capabilities, filter, user",
                SetsidOp => "The command",
                _ => null,
            };
            root |= Operation(step) is PivotRootOp or MoveRootOp;
            ids |= Operation(step) is SetIdsOp;
            if (begins is not null && begins != title)
            {
                if (steps.Count != 0)
                {
                    phases.Add((title, steps));
                }

                (title, steps) = (begins, []);
            }

            steps.Add(step);
        }

        phases.Add((title.Length == 0 ? "Steps" : title, steps));
        return phases;
    }

    private static object Operation(Step step) => step switch
    {
        ChildStep { Op: LeftOutOp left } => left.Op,
        ChildStep child => child.Op,
        CsrunStep { Op: LeftOutCsrunOp left } => left.Op,
        CsrunStep own => own.Op,
        _ => step,
    };
}
