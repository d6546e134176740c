using Csrun.Commands;
using Csrun.Engine.Ids;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int IdMapMount(IdMapMountRequest request, GlobalOptions options) => Diagnosed(options, () => MountMapped.Run(request));

    public int IdMapUnmount(string target, bool recursive, bool lazy, GlobalOptions options) => UnmountMapped.Run(target, recursive, lazy);

    public int IdMapShow(string? subject, bool json, GlobalOptions options) => ShowMaps.Run(new Caller(options), subject, json);

    public int IdMapTranslate(IdTranslateRequest request, GlobalOptions options) => TranslateIds.Run(new Caller(options), request);

    public int IdMapWhose(IReadOnlyList<string> paths, bool json, GlobalOptions options) => WhoseFiles.Run(paths, json);

    public int IdMapProbe(IReadOnlyList<string> paths, bool json, GlobalOptions options) => ProbeFileSystems.Run(new Caller(options), paths, json);

    public int IdMapImportLxc(string file, string? output, GlobalOptions options) => ImportLxc.Run(file, output);
}
