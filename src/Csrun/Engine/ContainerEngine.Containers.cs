using Csrun.Commands;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int? Detach() => supervision is null ? Supervision.Start(_args) : null;

    public int Ps(bool all, bool quiet, bool json, GlobalOptions options) => PsVerb.List(new Caller(options), all, quiet, json);

    public int Remove(IReadOnlyList<string> containers, bool force, GlobalOptions options) => RmVerb.Remove(new Caller(options), containers, force);

    public int Exec(ExecRequest request, GlobalOptions options) => ExecContainer.Run(new Caller(options), request);

    public int Stop(IReadOnlyList<string> containers, TimeSpan patience, Signal signal, GlobalOptions options) => StopVerb.Stop(new Caller(options), containers, patience, signal);

    public int Kill(IReadOnlyList<string> containers, Signal signal, GlobalOptions options) => StopVerb.Kill(new Caller(options), containers, signal);

    public int Wait(IReadOnlyList<string> containers, GlobalOptions options) => WaitVerb.Wait(new Caller(options), containers);

    public int Logs(string container, bool follow, GlobalOptions options) => LogsVerb.Print(new Caller(options), container, follow);

    public int Inspect(IReadOnlyList<string> containers, GlobalOptions options) => InspectVerb.Inspect(new Caller(options), containers);
}
