using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int IIdMapVerbs.IdMapMount(IdMapMountRequest request, GlobalOptions options) =>
        Note($"idmap mount {string.Join('+', request.Maps)} recursive={request.Recursive} [{string.Join(' ', request.Options)}] {request.Source} {request.Target}", options);

    int IIdMapVerbs.IdMapUnmount(string target, bool recursive, bool lazy, GlobalOptions options) =>
        Note($"idmap umount {target} recursive={recursive} lazy={lazy}", options);
}
