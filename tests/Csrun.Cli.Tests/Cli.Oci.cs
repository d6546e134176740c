using Csrun.Commands;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int IOciVerbs.Create(CreateRequest request, GlobalOptions options) =>
        Note($"create {request.Id} bundle={request.Bundle} console={request.ConsoleSocket} pid={request.PidFile} fds={request.PreserveFds} keyring={request.KeepsKeyring} explain={request.Explain}", options);

    int IOciVerbs.RunBundle(CreateRequest request, bool detach, bool keep, GlobalOptions options) => Note($"run bundle {request.Id} bundle={request.Bundle} detach={detach} keep={keep}", options);

    int IOciVerbs.Start(IReadOnlyList<string> containers, GlobalOptions options) => Note($"start [{string.Join(' ', containers)}]", options);

    int IOciVerbs.State(string container, GlobalOptions options) => Note($"state {container}", options);

    int IOciVerbs.Delete(string container, bool force, GlobalOptions options) => Note($"delete {container} force={force}", options);

    int IOciVerbs.List(bool quiet, bool json, GlobalOptions options) => Note($"list quiet={quiet} json={json}", options);

    int IOciVerbs.Spec(string bundle, bool rootless, GlobalOptions options) => Note($"spec bundle={bundle} rootless={rootless}", options);

    int IOciVerbs.Features(GlobalOptions options) => Note("features", options);

    int IOciVerbs.Signal(string container, Signal signal, bool all, GlobalOptions options) => Note($"signal {container} {signal} all={all}", options);
}
