using Csrun.Commands;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int IBrokerVerbs.BrokerServe(string? socket, GlobalOptions options) => Note($"broker serve {socket ?? "usual"}", options);

    int IBrokerVerbs.BrokerStatus(string? socket, bool json, GlobalOptions options) => Note($"broker status {socket ?? "usual"} json={json}", options);

    int IBrokerVerbs.BrokerInstall(GlobalOptions options) => Note("broker install", options);

    int IBrokerVerbs.BrokerUninstall(GlobalOptions options) => Note("broker uninstall", options);
}
