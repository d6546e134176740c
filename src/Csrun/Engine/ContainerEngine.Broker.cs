using Csrun.Commands;
using Csrun.Runtime.Host;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int BrokerServe(string? socket, GlobalOptions options) => BrokerService.Serve(socket);

    public int BrokerStatus(string? socket, bool json, GlobalOptions options) => BrokerState.Print(socket ?? HostFactsProbe.BrokerPath, json);

    public int BrokerInstall(GlobalOptions options) => BrokerUnits.Install();

    public int BrokerUninstall(GlobalOptions options) => BrokerUnits.Uninstall();
}
