using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int IIdMapVerbs.IdMapMount(IdMapMountRequest request, GlobalOptions options) =>
        Note($"idmap mount {string.Join('+', request.Maps)} recursive={request.Recursive} [{string.Join(' ', request.Options)}] {request.Source} {request.Target}", options);

    int IIdMapVerbs.IdMapUnmount(string target, bool recursive, bool lazy, GlobalOptions options) =>
        Note($"idmap umount {target} recursive={recursive} lazy={lazy}", options);

    int IIdMapVerbs.IdMapShow(string? subject, bool json, GlobalOptions options) => Note($"idmap show {subject} json={json}", options);

    int IIdMapVerbs.IdMapTranslate(IdTranslateRequest request, GlobalOptions options) => Note(
        $"idmap translate {string.Join('+', request.Words)} {request.Users} {request.Groups} {request.From} {request.Pid}{request.Container} {string.Join('+', request.Maps)} {string.Join('+', request.MountMaps)} json={request.Json} draw={request.Draw}{(request.Svg ? " svg" : "")}",
        options);

    int IIdMapVerbs.IdMapWhose(IReadOnlyList<string> paths, bool json, GlobalOptions options) => Note($"idmap whose {string.Join('+', paths)} json={json}", options);

    int IIdMapVerbs.IdMapProbe(IReadOnlyList<string> paths, bool json, GlobalOptions options) => Note($"idmap probe {string.Join('+', paths)} json={json}", options);

    int IIdMapVerbs.IdMapImportLxc(string file, string? output, GlobalOptions options) => Note($"idmap import-lxc {file} {output}", options);
}
