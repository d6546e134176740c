using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Rendering;
using Csrun.Plan.Requests;
using Csrun.Plan.Tracing;
using Csrun.Runtime.Tracing;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>--trace</c> and <c>--step</c>: each step on stderr as it is done, and asked about before.</summary>
internal static class TraceWriter
{
    /// <summary>Starts it for a launch of which nothing but the trace is wanted.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="format">The form of the lines.</param>
    /// <param name="foreignFilter">Whether the system call filter is not csrun's own: what it does with the trace's calls is not known.</param>
    internal static LaunchTrace Start(LaunchPlan plan, TraceFormat format, bool foreignFilter)
    {
        int count = plan.Steps.Length;
        return new LaunchTrace(plan, foreignFilter, outcome => Print(outcome, count, format));
    }

    /// <summary>Starts it; null where the launch is not followed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="config">The configuration that it started from.</param>
    /// <param name="kept">Takes the steps for a report, which prints none.</param>
    internal static LaunchTrace? Start(LaunchPlan plan, RunRequest request, Spec? config, List<StepOutcome> kept)
    {
        if (request.Trace is null && !request.Step && request.Report is null)
        {
            return null;
        }

        // csrun's own filter lets the trace's calls through; what another one does with them is not known.
        bool foreignFilter = request.Security.Seccomp is not (null or "builtin" or "unconfined") || (request.Security.Seccomp is null && config?.Linux?.Seccomp is not null);
        int count = plan.Steps.Length;
        return new LaunchTrace(plan, foreignFilter, outcome =>
        {
            if (request.Report is not null)
            {
                kept.Add(outcome);
                return;
            }

            Print(outcome, count, request.Trace ?? TraceFormat.Text);
        }, request.Step ? new StepTerminal(plan).Before : null);
    }
    private static void Print(StepOutcome outcome, int count, TraceFormat format)
    {
        FdWriter.Stderr.Write(format == TraceFormat.Json ? TraceRenderer.Json(outcome, count) : TraceRenderer.Text(outcome, count));
        FdWriter.Stderr.Flush();
    }
}
