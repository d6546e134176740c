using Csrun.Commands;
using Csrun.Oci;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    internal Resources? Resources { get; private set; }

    int IResourceVerbs.Pause(IReadOnlyList<string> containers, GlobalOptions options) => Note($"pause [{string.Join(' ', containers)}]", options);

    int IResourceVerbs.Resume(IReadOnlyList<string> containers, GlobalOptions options) => Note($"resume [{string.Join(' ', containers)}]", options);

    int IResourceVerbs.Update(string container, Resources resources, GlobalOptions options)
    {
        Resources = resources;
        return Note($"update {container}", options);
    }

    int IResourceVerbs.Events(string container, bool once, TimeSpan interval, GlobalOptions options) => Note($"events {container} once={once} {interval.TotalSeconds}", options);

    int IResourceVerbs.Stats(IReadOnlyList<string> containers, bool once, TimeSpan interval, bool json, GlobalOptions options) =>
        Note($"stats [{string.Join(' ', containers)}] once={once} {interval.TotalSeconds} json={json}", options);

    int IResourceVerbs.Top(string container, bool json, GlobalOptions options) => Note($"top {container} json={json}", options);

    int IResourceVerbs.Processes(string container, bool json, IReadOnlyList<string> psOptions, GlobalOptions options) => Note($"processes {container} json={json} [{string.Join(' ', psOptions)}]", options);
}
