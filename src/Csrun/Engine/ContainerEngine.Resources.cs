using Csrun.Commands;
using Csrun.Oci;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int Pause(IReadOnlyList<string> containers, GlobalOptions options) => PauseVerb.Run(new Caller(options), containers, pause: true);

    public int Resume(IReadOnlyList<string> containers, GlobalOptions options) => PauseVerb.Run(new Caller(options), containers, pause: false);

    public int Update(string container, Resources resources, GlobalOptions options) => UpdateVerb.Update(new Caller(options), container, resources);

    public int Events(string container, bool once, TimeSpan interval, GlobalOptions options) => EventsVerb.Run(new Caller(options), container, once, interval);

    public int Stats(IReadOnlyList<string> containers, bool once, TimeSpan interval, bool json, GlobalOptions options) => StatsVerb.Run(new Caller(options), containers, once, interval, json);

    public int Top(string container, bool json, GlobalOptions options) => TopVerb.Run(new Caller(options), container, json);

    public int Processes(string container, bool json, IReadOnlyList<string> psOptions, GlobalOptions options) => ProcessesVerb.Run(new Caller(options), container, json, psOptions);
}
