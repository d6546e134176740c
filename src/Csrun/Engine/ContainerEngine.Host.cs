using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int Unshare(UnshareRequest request, GlobalOptions options) => UnshareVerb.Run(request, options);
}
