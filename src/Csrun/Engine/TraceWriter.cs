using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Rendering;
using Csrun.Plan.Requests;
using Csrun.Runtime.Tracing;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>--trace</c>: each step on stderr as it is done.</summary>
internal static class TraceWriter
{
    internal static LaunchTrace Start(LaunchPlan plan, RunRequest request, Spec? config)
    {
        // csrun's own filter lets the trace's calls through; what another one does with them is not known.
        bool foreignFilter = request.Security.Seccomp is not (null or "builtin" or "unconfined") || (request.Security.Seccomp is null && config?.Linux?.Seccomp is not null);
        int count = plan.Steps.Length;
        return new LaunchTrace(plan, foreignFilter, outcome =>
        {
            FdWriter.Stderr.Write(request.Trace == TraceFormat.Json ? TraceRenderer.Json(outcome, count) : TraceRenderer.Text(outcome, count));
            FdWriter.Stderr.Flush();
        });
    }
}
