using Csrun.Commands;
using Csrun.Engine.Lifecycle;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int Create(CreateRequest request, GlobalOptions options) => CreateContainer.Run(new Caller(options), request);

    public int RunBundle(CreateRequest request, bool detach, bool keep, GlobalOptions options) => Lifecycle.RunBundle.Run(new Caller(options), request, detach, keep);

    public int Start(IReadOnlyList<string> containers, GlobalOptions options) => StartContainer.Run(new Caller(options), containers);

    public int State(string container, GlobalOptions options) => StateVerb.State(new Caller(options), container);

    public int Delete(string container, bool force, GlobalOptions options) => DeleteContainer.Run(new Caller(options), container, force);

    public int List(bool quiet, bool json, GlobalOptions options) => StateVerb.List(new Caller(options), quiet, json);

    public int Spec(string bundle, bool rootless, GlobalOptions options) => SpecVerb.Run(bundle, rootless);

    public int Features(GlobalOptions options) => FeaturesVerb.Run();

    public int Signal(string container, Signal signal, bool all, GlobalOptions options) => SignalContainer.Run(new Caller(options), container, signal, all);
}
