using Csrun.Commands;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int LabList(bool json) => LabVerbs.List(json);

    public int LabRun(IReadOnlyList<string> names, bool keep, bool json) => LabVerbs.Run(new Caller(new GlobalOptions()), names, keep, json);
}
