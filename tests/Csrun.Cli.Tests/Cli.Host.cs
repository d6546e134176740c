using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    internal UnshareRequest? UnshareRequest { get; private set; }

    int IHostVerbs.Unshare(UnshareRequest request, GlobalOptions options)
    {
        (UnshareRequest, Global) = (request, options);
        return 43;
    }
}
