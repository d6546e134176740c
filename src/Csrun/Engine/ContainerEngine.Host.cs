using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int Unshare(UnshareRequest request, GlobalOptions options) => Diagnosed(options, () => UnshareVerb.Run(request, options));

    public int RemoveTrees(IReadOnlyList<string> paths, GlobalOptions options) => TreeVerbs.Remove(paths, options);

    public int ChownBack(IReadOnlyList<string> paths, bool crossMounts, GlobalOptions options) => TreeVerbs.ChownBack(paths, crossMounts, options);

    public int Doctor(bool json, GlobalOptions options) => DoctorVerb.Run(json, options);
}
