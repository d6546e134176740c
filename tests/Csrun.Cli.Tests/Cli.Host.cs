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

    int IHostVerbs.RemoveTrees(IReadOnlyList<string> paths, GlobalOptions options) => Note($"rm-tree [{string.Join(' ', paths)}]", options);

    int IHostVerbs.ChownBack(IReadOnlyList<string> paths, bool crossMounts, GlobalOptions options) => Note($"chown-back [{string.Join(' ', paths)}] crossMounts={crossMounts}", options);

    int IHostVerbs.Doctor(bool json, GlobalOptions options)
    {
        Note($"doctor json={json}", options);
        return 1;
    }
}
